import { once } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { expect, test } from "@playwright/test";
import type { Answer, IdentityAnswer, Reply } from "../../protocol/answers.ts";
import { seal } from "../../protocol/messages.ts";
import { createAskPage } from "../../sw/ask-page.ts";
import { ManualClock } from "../unit/manual-clock.ts";
import { signedIn } from "./worker-world.ts";

const IDENTITY: IdentityAnswer = {
  type: "identity",
  account: signedIn("ada"),
  map: "",
  observing: false,
  unanswered: [],
  token: null,
};

/** A page that a worker asks once, over a real port, while the test decides when each thing happens. */
class AskedPage {
  readonly clock = new ManualClock();
  /** Resolved by hand: the worker waits for the browser's list of clients. */
  looks: ((client: Client | undefined) => void)[] = [];
  port!: MessagePort;
  readonly answer: Promise<Answer | null>;

  constructor(acknowledgeWithin: number) {
    const clients = {
      get: () => new Promise<Client | undefined>((resolve) => void this.looks.push(resolve)),
    } as unknown as Pick<Clients, "get">;
    const page = {
      id: "a",
      postMessage: (_question: unknown, [port]: [MessagePort]) => void (this.port = port),
    } as unknown as Client;
    this.answer = createAskPage(clients, this.clock)(
      page,
      { type: "identify", wanted: null },
      acknowledgeWithin,
    );
  }

  say(reply: Reply): void {
    this.port.postMessage(seal(reply));
  }

  /** Ends each look that is under way: the page is open. */
  isOpen(): void {
    for (const end of this.looks.splice(0)) end({ id: "a" } as Client);
  }

  isGone(): void {
    for (const end of this.looks.splice(0)) end(undefined);
  }
}

test("an answer that comes while the worker looks after the page ends the looks", async () => {
  const page = new AskedPage(10_000);
  await page.clock.advance(250);
  expect(page.looks).toHaveLength(1);

  page.say(IDENTITY);
  expect(await page.answer).toMatchObject({ account: IDENTITY.account });
  page.isOpen();
  await page.clock.advance(10_000);

  expect(page.looks).toEqual([]);
  expect(page.clock.timers).toBe(0);
});

test("a page that says nothing is waited for until the deadline, and its late answer finds a closed port", async () => {
  const page = new AskedPage(500);
  for (let i = 0; i < 2; i++) {
    await page.clock.advance(250);
    page.isOpen();
  }

  expect(await page.answer).toBeNull();
  await once(page.port, "close");
  await page.clock.advance(1_000);
  expect(page.clock.timers).toBe(0);
});

test("a page that has gone is waited for no longer", async () => {
  const page = new AskedPage(10_000);
  await page.clock.advance(250);
  page.isGone();

  expect(await page.answer).toBeNull();
});

test("a question without a deadline sets no timer, and its answer is heard an hour later", async () => {
  const page = new AskedPage(Infinity);
  expect(page.clock.timers).toBe(0);
  await page.clock.advance(3_600_000);

  page.say(IDENTITY);

  expect(await page.answer).toMatchObject({ account: IDENTITY.account });
});

test("a page that acknowledges a question without a deadline has as long as it says", async () => {
  const page = new AskedPage(Infinity);
  page.say({ type: "waiting", milliseconds: 3_000 });
  await expect.poll(() => page.clock.timers).toBe(1);
  for (let i = 0; i < 12; i++) {
    await page.clock.advance(250);
    page.isOpen();
  }

  expect(await page.answer).toBeNull();
});

test("a page that says again and again that it is alive is looked after once at a time", async () => {
  const page = new AskedPage(10_000);
  await page.clock.advance(250);
  page.say({ type: "waiting", milliseconds: 3_000 });
  await expect.poll(() => page.clock.timers).toBe(1);
  page.isOpen();
  await page.clock.advance(250);

  expect(page.looks).toHaveLength(1);
});
