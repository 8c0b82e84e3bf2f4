import { expect, test } from "@playwright/test";
import { Backoff } from "../../page/acquisition/backoff.ts";
import type { AccessToken } from "../../page/token-source.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { ManualClock, settle } from "./manual-clock.ts";

const TOKEN: AccessToken = { accessToken: "t", account: "ada", expiresOn: new Date(2_000_000_000_000) };
const down = (): Error => new Error("The provider is down.");
const needsUser = (): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to act.");

/** A page that asks its provider through a backoff. */
class Page {
  readonly clock = new ManualClock();
  isOnline = true;
  readonly backoff = new Backoff(this.clock, () => this.isOnline);
  /** The times at which the provider was asked. */
  readonly askedAt: number[] = [];
  /** The number of each try. */
  readonly unanswered: number[] = [];
  /** Ends tries that the provider does not answer by itself. */
  readonly answers: (() => void)[] = [];
  isSilent = false;
  /** The provider's error; `null` for a token. */
  failure: (() => Error) | null = null;

  /** @returns the error, or the token */
  ask(key = "read"): Promise<unknown> {
    return this.backoff
      .run(key, async (unanswered) => {
        this.askedAt.push(this.clock.elapsed());
        this.unanswered.push(unanswered);
        if (this.isSilent) await new Promise<void>((resolve) => this.answers.push(resolve));
        else await settle();
        if (this.failure) throw this.failure();
        return TOKEN;
      })
      .catch((error: unknown) => error);
  }
}

test("a provider that works is asked at once, every time", async () => {
  const page = new Page();
  expect(await page.ask()).toBe(TOKEN);
  expect(await page.ask()).toBe(TOKEN);
  expect(page.askedAt).toEqual([0, 0]);
  expect(page.clock.timers).toBe(0);
});

test("the pauses after failures last 1, 2, 4, 8 and 8 seconds", async () => {
  const page = new Page();
  page.failure = down;
  for (let tries = 0; tries < 6; tries++) {
    const asked = page.ask();
    while (page.askedAt.length <= tries) await page.clock.advance(500);
    await asked;
  }
  const pauses = page.askedAt.slice(1).map((at, i) => at - (page.askedAt[i] ?? 0));
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
});

test("a request during a pause waits for the end of the pause, and gets the provider's answer of then", async () => {
  const page = new Page();
  page.failure = down;
  await page.ask();
  page.failure = null;
  const asked = page.ask();
  await page.clock.advance(999);
  expect(page.askedAt).toEqual([0]);
  await page.clock.advance(1);
  expect(await asked).toBe(TOKEN);
  expect(page.askedAt).toEqual([0, 1_000]);
});

test("a success ends the count, so that the next failure begins with 1 second", async () => {
  const page = new Page();
  page.failure = down;
  await page.ask();
  await page.clock.advance(1_000);
  await page.ask();
  await page.clock.advance(2_000);
  page.failure = null;
  await page.ask();
  page.failure = down;
  await page.ask();
  const asked = page.ask();
  await page.clock.advance(1_000);
  await asked;
  expect(page.askedAt).toEqual([0, 1_000, 3_000, 3_000, 4_000]);
});

test("failures side by side count as one", async () => {
  const page = new Page();
  page.failure = down;
  await Promise.all([page.ask(), page.ask(), page.ask()]);
  const asked = page.ask();
  await page.clock.advance(1_000);
  await asked;
  expect(page.askedAt).toEqual([0, 0, 0, 1_000]);
});

test("a failure for one token leaves the requests for others alone", async () => {
  const page = new Page();
  page.failure = down;
  await page.ask("read");
  page.failure = null;
  expect(await page.ask("write")).toBe(TOKEN);
  expect(page.askedAt).toEqual([0, 0]);
});

test("the need for the user is reported at once during the pause, and looked at anew after it", async () => {
  const page = new Page();
  page.failure = needsUser;
  const first = await page.ask();
  await page.clock.advance(999);
  expect(await page.ask()).toBe(first);
  expect(page.askedAt).toEqual([0]);
  await page.clock.advance(1);
  page.failure = null;
  expect(await page.ask()).toBe(TOKEN);
});

test("a new start forgets failures, so that the provider is asked at once", async () => {
  const page = new Page();
  page.failure = needsUser;
  await page.ask();
  page.backoff.startOver();
  page.failure = null;
  expect(await page.ask()).toBe(TOKEN);
  expect(page.askedAt).toEqual([0, 0]);
});

test("failures of a page that is offline lead to no pause", async () => {
  const page = new Page();
  page.isOnline = false;
  page.failure = down;
  await page.ask();
  await page.ask();
  page.isOnline = true;
  page.failure = null;
  expect(await page.ask()).toBe(TOKEN);
  expect(page.askedAt).toEqual([0, 0, 0]);
});

test("a try that has begun before a new start, and still needs the user, is made once more", async () => {
  const page = new Page();
  page.isSilent = true;
  page.failure = needsUser;
  const asked = page.ask();
  await settle();
  page.backoff.startOver();
  page.isSilent = false;
  // The provider looked at the session before the user signed in.
  page.answers[0]?.();
  await Promise.resolve();
  page.failure = null;

  expect(await asked).toBe(TOKEN);
  expect(page.askedAt).toEqual([0, 0]);
});

test("a try that needs the user after a new start, too, fails, and so do the requests of the pause", async () => {
  const page = new Page();
  page.isSilent = true;
  page.failure = needsUser;
  const asked = page.ask();
  await settle();
  page.backoff.startOver();
  page.isSilent = false;
  page.answers[0]?.();

  const failure = await asked;
  expect(failure).toMatchObject({ code: "interaction_required" });
  expect(await page.ask()).toBe(failure);
  expect(page.askedAt).toEqual([0, 0]);
});

test("a try that fails otherwise across a new start is not repeated", async () => {
  const page = new Page();
  page.isSilent = true;
  page.failure = down;
  const asked = page.ask();
  await settle();
  page.backoff.startOver();
  page.answers[0]?.();
  expect(await asked).toMatchObject({ message: "The provider is down." });
  expect(page.askedAt).toEqual([0]);
});

test("a try has 30 seconds, and the next one has a number that none has which still waits", async () => {
  const page = new Page();
  page.isOnline = false;
  page.isSilent = true;
  const late = async (key = "read"): Promise<void> => {
    const asked = page.ask(key);
    await page.clock.advance(30_000);
    expect(await asked).toMatchObject({ code: "silent_timeout" });
  };
  await late();
  await late();
  await late();
  await late("write");
  expect(page.unanswered).toEqual([0, 1, 2, 0]);
  expect(page.clock.timers).toBe(0);

  page.answers[1]?.();
  await settle();
  page.isSilent = false;
  await page.ask();
  await page.ask();
  page.answers[0]?.();
  await settle();
  await page.ask();
  expect(page.unanswered.slice(4)).toEqual([1, 1, 0]);
});

test("a page remembers 100 failing requests, and forgets the oldest for one more", async () => {
  const page = new Page();
  page.failure = needsUser;
  for (let i = 0; i <= 100; i++) await page.ask(`scope ${i}`);
  page.askedAt.length = 0;
  await page.ask("scope 1");
  expect(page.askedAt).toEqual([]);
  await page.ask("scope 0");
  expect(page.askedAt).toEqual([0]);
});

test("a page knows unanswered tries of 100 requests, and forgets the oldest for one more", async () => {
  const page = new Page();
  page.isOnline = false;
  page.isSilent = true;
  for (let i = 0; i <= 100; i++) void page.ask(`scope ${i}`);
  await page.clock.advance(30_000);
  page.isSilent = false;
  page.unanswered.length = 0;
  await page.ask("scope 1");
  await page.ask("scope 0");
  expect(page.unanswered).toEqual([1, 0]);
});
