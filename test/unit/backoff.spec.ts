import { expect, test } from "@playwright/test";
import { Backoff } from "../../page/acquisition/backoff.ts";
import type { AccessToken } from "../../page/token-source.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { ManualClock, settle } from "./manual-clock.ts";

const TOKEN: AccessToken = { accessToken: "t", account: "ada", expiresOn: new Date(2_000_000_000_000) };
const down = (): Error => new Error("The provider is down.");
const timeout = (): BearerWorkerError => new BearerWorkerError("silent_timeout", "Too late.");
const needsUser = (): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to act.");

/** A page that asks its provider through a backoff. */
class Page {
  readonly clock = new ManualClock();
  isOnline = true;
  readonly backoff = new Backoff(this.clock, () => this.isOnline);
  /** The times at which the provider was asked. */
  readonly askedAt: number[] = [];
  /** For each time, how many tries before it were not answered. */
  readonly unanswered: number[] = [];
  /** The provider's error; `null` for a token. */
  failure: (() => Error) | null = null;

  /** @returns the error, or the token */
  ask(key = "read"): Promise<unknown> {
    return this.backoff
      .run(key, async (unanswered) => {
        this.askedAt.push(this.clock.elapsed());
        this.unanswered.push(unanswered);
        await settle();
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

test("tries that were not answered in time are counted for the next one, and other failures are not", async () => {
  const page = new Page();
  page.isOnline = false;
  page.failure = timeout;
  await page.ask();
  await page.ask();
  page.failure = down;
  await page.ask();
  await page.ask();
  await page.ask("write");
  expect(page.unanswered).toEqual([0, 1, 2, 2, 0]);
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

test("a page counts unanswered tries of 100 requests, and forgets the oldest for one more", async () => {
  const page = new Page();
  page.isOnline = false;
  page.failure = timeout;
  for (let i = 0; i <= 100; i++) await page.ask(`scope ${i}`);
  page.unanswered.length = 0;
  await page.ask("scope 1");
  await page.ask("scope 0");
  expect(page.unanswered).toEqual([1, 0]);
});
