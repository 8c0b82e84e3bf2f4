import { expect, test } from "@playwright/test";
import { settle } from "../unit/manual-clock.ts";
import { FakeClient, SIGNED_OUT, signedIn, WorkerWorld } from "./worker-world.ts";

const ADA = signedIn("ada");
const ALAN = signedIn("alan");
const webWorker = (): FakeClient => new FakeClient("worker", null, "worker");

test("a web worker gets the token of the account on which all pages agree", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ADA), webWorker());

  expect(await world.acquire("worker")).toMatchObject({ accessToken: "ada#1" });
  const questions = world.asked.length;
  expect(await world.acquire("worker")).toMatchObject({ accessToken: "ada#1", from: "memory" });
  expect(world.asked).toHaveLength(questions);
});

test("a web worker's requests go out bare while pages name different accounts", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ALAN), webWorker());

  expect(await world.acquire("worker")).toEqual({ type: "bare" });
});

test("a signed-out page beside a signed-in one leaves a web worker's requests bare", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", SIGNED_OUT), webWorker());

  expect(await world.acquire("worker")).toEqual({ type: "bare" });
});

test("a page that comes with another account ends a conclusion", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), webWorker());
  expect(await world.acquire("worker")).toMatchObject({ accessToken: "ada#1" });

  world.clients.set("b", new FakeClient("b", ALAN));
  world.announce("b");

  expect(await world.acquire("worker")).toEqual({ type: "bare" });
});

test("a page that comes signed out ends a conclusion, and so the tokens of a tab that is closed then", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), webWorker());
  expect(await world.acquire("worker")).toMatchObject({ accessToken: "ada#1" });

  world.clients.set("b", new FakeClient("b", SIGNED_OUT));
  world.announce("b");
  world.clients.delete("a");

  expect(await world.acquire("worker")).toEqual({ type: "bare" });
});

test("a conclusion under way ends with the accounts that it rests on", async () => {
  const slow = new FakeClient("a", ADA);
  const world = new WorkerWorld(slow, webWorker());
  slow.delay = 400;
  const waiting = world.acquire("worker");
  await settle();

  world.clients.set("b", new FakeClient("b", ALAN));
  world.announce("b");
  await world.clock.advance(2_000);

  expect(await waiting).toEqual({ type: "bare" });
  expect(world.records.accountOf("worker")).toBeNull();
});

/** Changes the clients while the worker looks whether a web worker is still there, once the pages have agreed. */
function onceAgreed(world: WorkerWorld, change: () => void): void {
  world.onLookUp = (id) => {
    if (id !== "worker" || world.asked.length === 0) return;
    world.onLookUp = () => undefined;
    change();
  };
}

test("a frame that names another account once the pages have agreed ends the conclusion", async () => {
  const frame = new FakeClient("frame", null, "iframe");
  const world = new WorkerWorld(new FakeClient("a", ADA), frame, webWorker());
  onceAgreed(world, () => {
    frame.account = ALAN;
    world.announce("frame");
  });
  const first = world.acquire("worker");
  await world.clock.advance(5_000);
  expect(await first).toEqual({ type: "bare" });
  expect(world.records.accountOf("worker")).toBeNull();
});

test("a page that switches accounts once the pages have agreed leaves a web worker the new account", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page, webWorker());
  onceAgreed(world, () => {
    page.account = ALAN;
    world.tokens.forget();
    world.announce("a");
  });
  expect(await world.acquire("worker")).toMatchObject({ account: "alan" });
  expect(await world.acquire("worker")).toMatchObject({ account: "alan" });
});

test("a page that is reloaded while it is asked leaves a web worker its token", async () => {
  const reloaded = new FakeClient("b", ADA);
  const world = new WorkerWorld(new FakeClient("a", ADA), reloaded, webWorker());
  world.announce("a");
  reloaded.delay = 400;
  const waiting = world.acquire("worker");
  await settle();

  world.clients.delete("b");
  reloaded.override = () => null;
  world.clients.set("c", new FakeClient("c", ADA));
  await world.clock.advance(400);

  expect(await waiting).toMatchObject({ accessToken: "ada#1" });
});

test("pages that come one after the other keep a web worker's request waiting for ten seconds", async () => {
  for (const [pages, result] of [
    [8, { accessToken: "ada#1" }],
    [9, { type: "bare" }],
  ] as const) {
    const world = new WorkerWorld(new FakeClient("a", ADA), webWorker());
    world.client("a").delay = 1_000;
    const waiting = world.acquire("worker");
    for (let i = 1; i <= pages; i++) {
      await world.clock.advance(500);
      const page = new FakeClient(`page ${i}`, ADA);
      page.delay = 1_000;
      world.clients.set(page.id, page);
      await world.clock.advance(500);
    }
    await world.clock.advance(2_000);
    expect(await waiting).toMatchObject(result);
  }
});

test("a page that says by itself whose page it is need not answer, while its token is in memory", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  await world.acquire("a");
  const page = new FakeClient("b", ADA);
  page.isFrozen = true;
  world.clients.set("b", page);
  const waiting = world.acquire("b");
  await settle();

  world.announce("b");

  expect(await waiting).toMatchObject({ accessToken: "ada#1", from: "page" });
});

test("a request that must not be sent twice waits for the answer, which names what a dead worker has sent", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  await world.acquire("a");
  const page = new FakeClient("b", ADA);
  world.clients.set("b", page);
  page.delay = 300;
  page.unanswered = [{ lock: "l1", request: "POST https://api.example.com/orders" }];
  const waiting = world.acquire("b", { mayRepeat: false });
  await settle();

  world.announce("b");
  await settle();
  expect(world.records.takeUnanswered("b", "POST https://api.example.com/orders")).toBe(false);
  await world.clock.advance(300);

  expect(await waiting).toMatchObject({ accessToken: "ada#1" });
  expect(world.records.takeUnanswered("b", "POST https://api.example.com/orders")).toBe(true);
});

test("a page that has said by itself whose page it is is asked once what a dead worker has sent", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  page.unanswered = [{ lock: "l1", request: "POST https://api.example/orders" }];
  world.announce("a");
  expect(await world.acquire("a", { mayRepeat: false })).toMatchObject({ accessToken: "ada#1" });
  expect(world.records.takeUnanswered("a", "POST https://api.example/orders")).toBe(true);
  await world.acquire("a", { mayRepeat: false });
  expect(world.questions("identify")).toEqual(["a"]);
});

test("a request that must not be sent twice fails while its page cannot say what a dead worker has sent", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(new FakeClient("b", ADA));
  await world.acquire("b");
  world.clients.set("a", page);
  world.announce("a");
  page.isFrozen = true;
  expect(await world.acquire("a")).toMatchObject({ from: "memory" });
  const waiting = world.acquire("a", { mayRepeat: false });
  await world.clock.advance(60_000);
  expect(await waiting).toEqual({ type: "unavailable" });
});

for (const [when, isAsked] of [
  ["before it is asked", false],
  ["while it is asked", true],
] as const) {
  test(`the last request of a page that goes ${when} has its token, though it must not be sent twice`, async () => {
    const world = new WorkerWorld(new FakeClient("b", ADA));
    await world.acquire("b");
    const page = new FakeClient("a", ADA);
    world.clients.set("a", page);
    world.announce("a");
    page.isFrozen = true;
    if (!isAsked) world.clients.delete("a");
    const waiting = world.acquire("a", { mayRepeat: false });
    await settle();
    world.clients.delete("a");
    await world.clock.advance(1_000);
    expect(await waiting).toMatchObject({ type: "token", account: "ada", accessToken: "ada#1" });
  });
}

test("a web worker's requests that must not be sent twice are not held up by questions", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), webWorker());
  await world.acquire("worker");
  const { length } = world.asked;
  expect(await world.acquire("worker", { mayRepeat: false })).toMatchObject({ from: "memory" });
  expect(world.asked).toHaveLength(length);
});

test("the request of a page whose identity library fails ends as a network error", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  page.override = () => ({ type: "unavailable" });
  expect(await world.acquire("a")).toEqual({ type: "unavailable" });
});

for (const visibility of ["visible", "hidden"] as const) {
  test(`a ${visibility} page that is silent leaves a web worker's requests bare, and nothing is concluded`, async () => {
    const silent = new FakeClient("b", ALAN);
    const world = new WorkerWorld(new FakeClient("a", ADA), silent, webWorker());
    silent.isFrozen = true;
    silent.visibilityState = visibility;

    const waiting = world.acquire("worker");
    await world.clock.advance(12_000);

    expect(await waiting).toEqual({ type: "bare" });
    expect(world.records.accountOf("worker")).toBeNull();
  });
}

test("a silent page is not waited for again with every request", async () => {
  const silent = new FakeClient("b", ADA);
  const world = new WorkerWorld(new FakeClient("a", ADA), silent, webWorker());
  silent.isFrozen = true;
  const first = world.acquire("worker");
  await world.clock.advance(12_000);
  await first;

  const before = world.questions("identify").filter((page) => page === "b").length;
  expect(await world.acquire("worker")).toEqual({ type: "bare" });
  expect(world.questions("identify").filter((page) => page === "b")).toHaveLength(before);

  // The page thaws and announces itself.
  silent.isFrozen = false;
  world.announce("b");
  expect(await world.acquire("worker")).toMatchObject({ accessToken: "ada#1" });
});

test("a frozen page that has announced itself before counts with its account", async () => {
  const frozen = new FakeClient("b", ALAN);
  const world = new WorkerWorld(new FakeClient("a", ADA), frozen, webWorker());
  world.announce("b");
  frozen.isFrozen = true;

  expect(await world.acquire("worker")).toEqual({ type: "bare" });
});

test("a web worker's request fails while no page answers at all", async () => {
  const world = new WorkerWorld(new FakeClient("a", null), webWorker());

  const waiting = world.acquire("worker");
  await world.clock.advance(12_000);

  expect(await waiting).toEqual({ type: "unavailable" });
});

test("an iframe speaks for itself if it can", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("frame", ALAN, "iframe"));

  expect(await world.acquire("frame")).toMatchObject({ accessToken: "alan#1" });
});

test("an iframe that says nothing gets the account of the pages", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("frame", null, "iframe"));

  const waiting = world.acquire("frame");
  await world.clock.advance(1_500);

  expect(await waiting).toMatchObject({ accessToken: "ada#1" });
});

test("an iframe that says nothing is waited for once, and then not at all", async () => {
  const world = new WorkerWorld(new FakeClient("a", SIGNED_OUT), new FakeClient("frame", null, "iframe"));
  const first = world.acquire("frame");
  await world.clock.advance(1_000);
  expect(await first).toEqual({ type: "bare" });
  const questions = world.questions("identify").filter((page) => page === "frame").length;

  expect(await world.acquire("frame")).toEqual({ type: "bare" });

  expect(world.questions("identify").filter((page) => page === "frame")).toHaveLength(questions);
});

test("an iframe whose URL lies outside the scope, such as that of srcdoc, is not asked at all", async () => {
  const frame = new FakeClient("frame", null, "iframe");
  frame.url = "about:srcdoc";
  const world = new WorkerWorld(new FakeClient("a", ADA), frame);

  expect(await world.acquire("frame")).toMatchObject({ accessToken: "ada#1" });
  expect(world.asked.map(({ page }) => page)).not.toContain("frame");
});

for (const [account, result] of [
  [ALAN, { accessToken: "alan#1" }],
  [SIGNED_OUT, { type: "bare" }],
] as const) {
  test(`an iframe that names its account while the pages are asked keeps it (${account.type})`, async () => {
    const frame = new FakeClient("frame", null, "iframe");
    const slow = new FakeClient("b", ADA);
    const world = new WorkerWorld(new FakeClient("a", ADA), slow, frame);
    slow.delay = 3_000;
    const waiting = world.acquire("frame");
    await world.clock.advance(2_000);

    frame.account = account;
    world.announce("frame");
    await world.clock.advance(4_000);

    expect(await waiting).toMatchObject(result);
    expect(await world.acquire("frame")).toMatchObject(result);
  });
}

test("an iframe that has said something is given no other account until it names its own", async () => {
  const frame = new FakeClient("frame", null, "iframe");
  const world = new WorkerWorld(new FakeClient("a", ADA), frame);
  const early = world.acquire("frame");
  await world.clock.advance(1_000);
  expect(await early).toMatchObject({ accessToken: "ada#1" });

  world.records.noteVoice("frame");
  frame.account = ALAN;

  expect(await world.acquire("frame")).toMatchObject({ accessToken: "alan#2" });
});

test("a web worker's requests go out bare beside a frame with an account of its own, though the worker has just started", async () => {
  const frame = new FakeClient("frame", ALAN, "iframe");
  const world = new WorkerWorld(new FakeClient("a", ADA), frame, webWorker());
  expect(await world.acquire("worker")).toEqual({ type: "bare" });

  frame.account = ADA;
  world.announce("frame");
  expect(await world.acquire("worker")).toMatchObject({ accessToken: "ada#1" });

  frame.account = ALAN;
  world.announce("frame");
  expect(await world.acquire("worker")).toEqual({ type: "bare" });
});

test("a frame that has spoken and is silent since leaves a web worker's requests bare", async () => {
  const frame = new FakeClient("frame", ALAN, "iframe");
  const world = new WorkerWorld(new FakeClient("a", ADA), frame, webWorker());
  world.announce("frame");
  world.tokens.forget();
  frame.isFrozen = true;

  const waiting = world.acquire("worker");
  await world.clock.advance(1_000);

  expect(await waiting).toEqual({ type: "bare" });
});

test("a frame that says nothing, or has no account, leaves a web worker the account of the pages", async () => {
  const frames = [new FakeClient("silent", null, "iframe"), new FakeClient("visitor", SIGNED_OUT, "iframe")];
  const world = new WorkerWorld(new FakeClient("a", ADA), ...frames, webWorker());

  const waiting = world.acquire("worker");
  await world.clock.advance(1_000);

  expect(await waiting).toMatchObject({ accessToken: "ada#1" });
});

test("a navigation to the very first page goes out bare", async () => {
  const world = new WorkerWorld();

  expect(await world.acquire("")).toEqual({ type: "bare" });
});

test("a navigation gets the token on whose account all pages agree", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));

  expect(await world.acquire("")).toMatchObject({ accessToken: "ada#1" });
});

test("the request of a client that has gone goes out bare", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));

  expect(await world.acquire("gone")).toEqual({ type: "bare" });
});

test("the request of a web worker whose tab is closed while the pages are asked goes out bare", async () => {
  const other = new FakeClient("b", ADA);
  other.delay = 400;
  const world = new WorkerWorld(new FakeClient("a", ALAN), other, webWorker());
  const waiting = world.acquire("worker");
  await settle();

  world.clients.delete("a");
  world.clients.delete("worker");
  await world.clock.advance(2_000);

  expect(await waiting).toEqual({ type: "bare" });
});

test("a page outside the scope is not asked", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), webWorker());
  const other = new FakeClient("other", ALAN);
  Object.assign(other, { url: "https://shop.example.evil/" });
  world.clients.set("other", other);

  expect(await world.acquire("worker")).toMatchObject({ accessToken: "ada#1" });
  expect(world.asked.map(({ page }) => page)).not.toContain("other");
});

test("a page that says nothing holds its own scripts and styles for a second, and the next ones not at all", async () => {
  const loading = new FakeClient("a", null);
  const world = new WorkerWorld(loading);

  const script = world.acquire("a", { blocksLoading: true });
  await world.clock.advance(999);
  expect(await Promise.race([script, settle().then(() => "pending")])).toBe("pending");
  await world.clock.advance(1);
  expect(await script).toEqual({ type: "bare" });

  expect(await world.acquire("a", { blocksLoading: true })).toEqual({ type: "bare" });
});

test("a script has its token as soon as the page has said whose it is", async () => {
  const loading = new FakeClient("a", null);
  const world = new WorkerWorld(loading);
  const early = world.acquire("a", { blocksLoading: true });
  await world.clock.advance(1_000);
  expect(await early).toEqual({ type: "bare" });

  loading.account = signedIn("ada");
  world.announce("a");

  expect(await world.acquire("a", { blocksLoading: true })).toMatchObject({ type: "token" });
});

test("a page that never says anything is waited for once, and its requests go out bare until it speaks", async () => {
  const page = new FakeClient("a", null);
  const world = new WorkerWorld(page);

  const first = [world.acquire("a"), world.acquire("a")];
  await world.clock.advance(14_999);
  expect(await Promise.race([...first, settle().then(() => "pending")])).toBe("pending");
  await world.clock.advance(501);
  expect(await Promise.all(first)).toEqual([{ type: "bare" }, { type: "bare" }]);

  await world.clock.advance(3_600_000);
  const questions = world.asked.length;
  expect(await world.acquire("a")).toEqual({ type: "bare" });
  expect(await world.acquire("a", { blocksLoading: true })).toEqual({ type: "bare" });
  expect(world.asked).toHaveLength(questions);

  // The page attaches late: it greets its worker before it can name its account.
  page.account = ADA;
  world.records.noteVoice("a");
  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1" });
});

/** A page that was blocked for longer than a new worker waits for it. */
async function blockedPage(): Promise<{ page: FakeClient; world: WorkerWorld }> {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  page.isFrozen = true;
  const first = world.acquire("a");
  await world.clock.advance(16_000);
  expect(await first).toEqual({ type: "bare" });
  return { page, world };
}

test("a page that is blocked for longer than it is waited for has its token as soon as it can answer", async () => {
  const { page, world } = await blockedPage();
  page.isFrozen = false;
  await settle();

  expect(world.questions("acquire")).toEqual([]);
  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1" });
});

test("a page that answers late, after an account has changed, is asked anew", async () => {
  const { page, world } = await blockedPage();
  world.tokens.forget();
  page.isFrozen = false;
  await settle();
  expect(world.records.namedBy("a")).toBeNull();

  page.account = ALAN;

  expect(await world.acquire("a")).toMatchObject({ accessToken: "alan#1" });
});

test("a page that never says anything is not waited for on behalf of other clients either, and nothing is concluded", async () => {
  const world = new WorkerWorld(new FakeClient("error-page", null), new FakeClient("a", ADA), webWorker());
  world.announce("a");
  const own = world.acquire("error-page");
  await world.clock.advance(15_500);
  expect(await own).toEqual({ type: "bare" });

  expect(await world.acquire("worker")).toEqual({ type: "bare" });
  expect(world.records.accountOf("worker")).toBeNull();
});

test("a page that has gone while it was waited for leaves nothing behind", async () => {
  const world = new WorkerWorld(new FakeClient("a", null));

  const waiting = world.acquire("a");
  await world.clock.advance(5_000);
  world.clients.delete("a");
  await world.clock.advance(6_000);

  expect(await waiting).toEqual({ type: "bare" });
  expect(world.records.size).toBe(0);
});
