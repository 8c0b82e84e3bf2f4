import { expect, test } from "@playwright/test";
import type { TokenResult } from "../../pipeline/token-result.ts";
import { seal } from "../../protocol/messages.ts";
import { mapText } from "../../protocol/resource-map.ts";
import { settle } from "../unit/manual-clock.ts";
import { FakeClient, MAP, ORDERS, SIGNED_OUT, signedIn, WorkerWorld } from "./worker-world.ts";

const ADA = signedIn("ada");
const ALAN = signedIn("alan");

/** The outcome of a promise, or "pending" if it has none yet. */
const outcomeOf = async <Value>(promise: Promise<Value>): Promise<Value | "pending"> => {
  await settle();
  return await Promise.race([promise, settle().then(() => "pending" as const)]);
};

test("a token comes from the page first, and from memory afterwards", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));

  const token = { type: "token", account: "ada", accessToken: "ada#1" };
  expect(await world.acquire("a")).toEqual({ ...token, from: "page" });
  expect(await world.acquire("a")).toEqual({ ...token, from: "memory" });

  expect(world.questions("acquire")).toEqual(["a"]);
});

test("a restarted worker gets a token that the page has at hand along with its identity", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.client("a").hasTokenAtHand = true;

  expect(await world.acquire("a")).toEqual({
    type: "token",
    account: "ada",
    accessToken: "ada#1",
    from: "page",
  });

  expect(world.questions("acquire")).toEqual([]);
});

test("a hundred requests at once ask one question", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ADA));
  world.announce("a");
  world.announce("b");

  const results = await Promise.all(Array.from({ length: 100 }, (_, i) => world.acquire(i % 2 ? "a" : "b")));

  expect(new Set(results.map((result) => result.type === "token" && result.accessToken))).toEqual(
    new Set(["ada#1"]),
  );
  expect(world.questions("acquire")).toHaveLength(1);
});

test("a token goes to another server only after a page has approved that server", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  await world.acquire("a");

  await world.acquire("a", { match: { ...ORDERS, server: "https://other.example" } });

  expect(world.questions("acquire")).toHaveLength(2);
});

test("a page whose map is not the worker's approves each URL, and no token from memory passes it by", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ADA));
  world.client("a").map = "another map";
  world.client("a").refuses.add(`${ORDERS.server}/admin`);
  world.announce("a");
  world.announce("b");
  // The token is in memory, from a page that has the worker's map.
  expect(await world.acquire("b", { path: "/admin" })).toMatchObject({ type: "token" });
  expect(await world.acquire("b", { path: "/admin" })).toMatchObject({ type: "token", from: "memory" });

  expect(await world.acquire("a", { path: "/admin" })).toEqual({ type: "bare" });
  expect(await world.acquire("a")).toMatchObject({ type: "token", from: "page" });
  expect(await world.acquire("a", { path: "/admin" })).toEqual({ type: "bare" });

  expect(world.questions("acquire").slice(1)).toEqual(["a", "a", "a"]);
});

test("a page that leaves out a URL of the worker's map decides on that URL each time, and on no other", async () => {
  const page = new FakeClient("a", ADA);
  page.map = mapText([{ key: "https://api.example/redirect.*", method: null, scopes: null }, ...MAP]);
  page.refuses.add(`${ORDERS.server}/redirect.js`);
  const world = new WorkerWorld(page, new FakeClient("w", null, "worker"));
  world.announce("a");

  for (const client of ["a", "w"]) {
    await world.acquire(client);
    expect(await world.acquire(client)).toMatchObject({ type: "token", from: "memory" });
    expect(await world.acquire(client, { path: "/redirect.js" })).toEqual({ type: "bare" });
  }
});

test("requests of a page whose map is not the worker's share no question", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.client("a").map = "another map";
  world.client("a").refuses.add(`${ORDERS.server}/admin`);
  world.announce("a");

  const results = await Promise.all([world.acquire("a"), world.acquire("a", { path: "/admin" })]);

  expect(results).toMatchObject([{ type: "token" }, { type: "bare" }]);
});

test("a page with the worker's map is not refused by a page with another map", async () => {
  const world = new WorkerWorld(new FakeClient("other", ADA), new FakeClient("same", ADA));
  world.client("other").map = "another map";
  world.client("other").refuses.add(`${ORDERS.server}/orders`);
  world.announce("other");
  world.announce("same");
  world.client("same").visibilityState = "hidden";

  expect(await world.acquire("same")).toMatchObject({ type: "token" });
  expect(world.questions("acquire")).toEqual(["same"]);
});

test("a web worker beside a page with another map is asked for each time", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("w", null, "worker"));
  world.client("a").map = "another map";
  world.client("a").refuses.add(`${ORDERS.server}/admin`);
  world.announce("a");

  expect(await world.acquire("w")).toMatchObject({ type: "token" });
  expect(await world.acquire("w", { path: "/admin" })).toEqual({ type: "bare" });
  expect(world.questions("acquire")).toEqual(["a", "a"]);
});

test("a navigation is asked for each time, though the token is in memory", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.announce("a");
  await world.acquire("a");
  world.client("a").refuses.add(`${ORDERS.server}/page`);

  expect(await world.acquire("", { path: "/page", isNavigation: true })).toEqual({ type: "bare" });
});

test("several silent pages cost one long wait, and the next request none of the short ones", async () => {
  const pages = ["a", "b", "c", "d"].map((id) => new FakeClient(id, ADA));
  const world = new WorkerWorld(...pages, new FakeClient("w", null, "worker"));
  for (const { id } of pages) world.announce(id);
  // The web worker's account is concluded while the pages answer.
  await world.acquire("w");
  world.records.forgetAccounts();
  for (const { id } of pages) world.announce(id);
  world.records.conclude("w", ADA);
  for (const page of pages) page.isFrozen = true;
  world.asked.length = 0;

  const first = world.acquire("w", {
    path: "/1",
    refusal: { challenge: "Bearer", accessToken: "ada#1", account: "ada", sentAt: 0 },
  });
  await world.clock.advance(4_000 + 9_000);
  expect(await outcomeOf(first)).toEqual({ type: "unavailable" });
  expect(world.asked).toHaveLength(8);

  const next = world.acquire("w", {
    path: "/2",
    refusal: { challenge: "Bearer", accessToken: "ada#1", account: "ada", sentAt: 0 },
  });
  world.client("d").isFrozen = false;
  await world.clock.advance(0);
  expect(await outcomeOf(next)).toMatchObject({ type: "token" });
});

test("a page that was busy for a moment still counts for a web worker, and is asked again once it has answered", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("w", null, "worker"));
  world.announce("a");
  world.client("a").isFrozen = true;
  const early = world.acquire("a");
  await world.clock.advance(1_000);
  world.client("a").isFrozen = false;
  // The page that made the request is asked until it answers.
  await world.clock.advance(30_000);
  await early;

  const late = world.acquire("a", {
    refusal: { challenge: "Bearer", accessToken: "ada#1", account: "ada", sentAt: 0 },
  });
  await world.clock.advance(0);
  expect(await outcomeOf(late)).toMatchObject({ type: "token" });
  expect(await outcomeOf(world.acquire("w"))).toMatchObject({ type: "token" });
});

test("tokens that differ by resource are kept apart", async () => {
  const world = new WorkerWorld(new FakeClient("a", signedIn("ada", true)));
  const other = { ...ORDERS, key: "https://api.example/invoices" };

  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1" });
  expect(await world.acquire("a", { match: other })).toMatchObject({ accessToken: "ada#2" });
  expect(await world.acquire("a", { match: other })).toMatchObject({ accessToken: "ada#2" });
});

test("a token close to its end is used while its successor is fetched", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  await world.acquire("a");
  await world.clock.advance(1_900_000);

  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1", from: "memory" });
  await settle();

  expect(world.asked.at(-1)?.question).toMatchObject({ type: "acquire", purpose: "renewal" });
  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#2" });
});

test("a renewal that fails is tried again after half a minute, not with every request", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  await world.acquire("a");
  await world.clock.advance(1_900_000);
  page.override = (question) => (question.type === "acquire" ? { type: "unavailable" } : null);

  for (let i = 0; i < 5; i++) {
    expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1" });
    // The renewal that this request may have begun fails before the next request.
    await settle();
  }
  expect(world.questions("acquire")).toHaveLength(2);

  await world.clock.advance(30_000);
  await world.acquire("a");
  await settle();
  expect(world.questions("acquire")).toHaveLength(3);
});

test("an ended token is not used", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  await world.acquire("a");
  await world.clock.advance(3_600_000);

  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#2", from: "page" });
});

test("a refused token is replaced, and other requests that it was refused for share the new one", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  await world.acquire("a");
  const refusal = {
    challenge: 'Bearer error="invalid_token"',
    accessToken: "ada#1",
    account: "ada",
    sentAt: 0,
  };

  const [first, second] = await Promise.all([
    world.acquire("a", { refusal }),
    world.acquire("a", { refusal }),
  ]);
  const third = await world.acquire("a", { refusal });

  expect([first, second, third]).toMatchObject(Array.from({ length: 3 }, () => ({ accessToken: "ada#2" })));
  expect(world.questions("acquire")).toHaveLength(2);
});

test("a token in memory from before a refused request is no successor, and one that replaced a refused token is", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  await world.acquire("a");
  const challenge = 'Bearer error="invalid_token"';
  const refuse = (accessToken: string, sentAt: number) =>
    world.acquire("a", { refusal: { challenge, accessToken, account: "ada", sentAt } });
  expect(await refuse("ada#1", world.clock.now())).toMatchObject({ accessToken: "ada#2", from: "page" });
  await world.clock.advance(1_000);

  // "ada#2" replaced a refused token, but before this request was sent.
  const sentAt = world.clock.now();
  expect(await refuse("another page's", sentAt)).toMatchObject({ accessToken: "ada#3", from: "page" });
  // "ada#3" came after it.
  expect(await refuse("ada#2", sentAt)).toMatchObject({ accessToken: "ada#3", from: "memory" });
  expect(world.questions("acquire")).toHaveLength(3);
});

test("a token in memory that replaced no refused token is no successor", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  const sentAt = world.clock.now();
  await world.clock.advance(1_000);
  await world.acquire("a");

  const refusal = {
    challenge: 'Bearer error="invalid_token"',
    accessToken: "another page's",
    account: "ada",
    sentAt,
  };
  expect(await world.acquire("a", { refusal })).toMatchObject({ accessToken: "ada#2", from: "page" });
});

test("a sign-out empties the worker, and requests that wait start over", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  page.delay = 1_000;
  const waiting = world.acquire("a");
  await settle();

  page.account = ALAN;
  world.tokens.forget();
  await world.clock.advance(5_000);

  expect(await waiting).toMatchObject({ accessToken: expect.stringMatching(/^alan#/) });
});

test("a token that was under way at a sign-out is not kept", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  world.announce("a");
  page.delay = 1_000;
  page.override = (question) =>
    question.type === "acquire" ? { type: "token", account: ADA, token: world.issue("ada") } : null;
  const early = world.acquire("a");
  await settle();

  // The page's answer was made before the sign-out, and arrives after it.
  world.tokens.forget();
  page.account = SIGNED_OUT;
  await world.clock.advance(1_000);
  page.override = null;
  await world.clock.advance(10_000);
  expect(await early).toEqual({ type: "bare" });

  page.delay = 0;
  page.account = ADA;
  world.announce("a");
  expect(await world.acquire("a")).toMatchObject({ from: "page" });
});

test("an answer that was under way while the account changed is not remembered", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page, new FakeClient("b", ADA));
  world.announce("b");
  page.delay = 1_000;
  page.override = () => ({
    type: "identity",
    account: ADA,
    map: "",
    observing: false,
    unanswered: [],
    token: null,
  });
  const early = world.acquire("a");
  await settle();

  // The page's answer was made before the switch, and arrives after it.
  world.tokens.forget();
  page.override = null;
  page.account = ALAN;
  await world.clock.advance(10_000);

  expect(await early).toMatchObject({ accessToken: expect.stringMatching(/^alan#/) });
  expect(world.records.accountOf("a")).toEqual(ALAN);
});

test("a page that names another account in place of a token is believed", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  world.announce("a");
  page.account = ALAN;

  expect(await world.acquire("a")).toMatchObject({ accessToken: "alan#1" });
});

test("a signed-out page's requests go out bare, and it is asked each time", async () => {
  const page = new FakeClient("a", SIGNED_OUT);
  const world = new WorkerWorld(page);

  expect(await world.acquire("a")).toEqual({ type: "bare" });
  page.account = ADA;
  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1" });
});

test("a visitor whom a request may sign in is asked for a token", async () => {
  const page = new FakeClient("a", { type: "signed-out", mayAcquire: true });
  const world = new WorkerWorld(page);
  page.override = (question) =>
    question.type === "acquire"
      ? { type: "token", account: ADA, token: world.issue("ada") }
      : {
          type: "identity",
          account: page.account ?? SIGNED_OUT,
          map: "",
          observing: false,
          unanswered: [],
          token: null,
        };

  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1" });
});

test("a page that is silent is passed over for the next of the same account", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ADA));
  world.announce("a");
  world.announce("b");
  world.client("a").isFrozen = true;

  const waiting = world.acquire("a");
  await world.clock.advance(1_000);

  expect(await waiting).toMatchObject({ accessToken: "ada#1" });
  expect(world.questions("acquire")).toEqual(["a", "b"]);
});

test("a page of another account is never asked for a token", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ALAN));
  world.announce("a");
  world.announce("b");
  world.client("a").isFrozen = true;

  const waiting = world.acquire("a");
  await world.clock.advance(120_000);

  expect(await waiting).toEqual({ type: "unavailable" });
  expect(world.questions("acquire")).not.toContain("b");
});

test("a request of a page that has spoken and is silent fails, and waits no longer than half a minute", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  world.announce("a");
  world.records.forgetAccounts();
  page.isFrozen = true;

  const waiting = world.acquire("a");
  await world.clock.advance(29_000);
  expect(await outcomeOf(waiting)).toBe("pending");
  await world.clock.advance(2_000);

  expect(await waiting).toEqual({ type: "unavailable" });
});

test("a page that is busy for twenty seconds gets its token", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  world.announce("a");
  world.records.forgetAccounts();
  page.isFrozen = true;
  const waiting = world.acquire("a");
  await world.clock.advance(20_000);
  page.isFrozen = false;
  await world.clock.advance(2_000);

  expect(await waiting).toMatchObject({ accessToken: "ada#1" });
});

test("a page that says who it is, and is then busy for twenty seconds, gets its token", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.client("a").busyFor = ({ type }) => (type === "acquire" ? 20_000 : 0);
  const waiting = world.acquire("a");

  await world.clock.advance(22_000);

  expect(await outcomeOf(waiting)).toMatchObject({ type: "token", accessToken: "ada#1" });
});

test("a script goes without a token after five seconds, since the page may need it for its answer, and other requests wait on", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.announce("a");
  world.client("a").busyFor = ({ type }) => (type === "acquire" ? 8_000 : 0);
  const [script, image] = [world.acquire("a", { blocksLoading: true }), world.acquire("a")];

  await world.clock.advance(4_999);
  expect(await outcomeOf(script)).toBe("pending");
  await world.clock.advance(1);
  expect(await outcomeOf(script)).toEqual({ type: "bare" });
  await world.clock.advance(5_000);
  expect(await outcomeOf(image)).toMatchObject({ type: "token", accessToken: "ada#1" });
});

test("a script goes without a token after five seconds while its page gets ready, and other requests wait on", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  // The page says that it is there, and answers once its identity library is ready.
  page.delay = 8_000;
  const [script, image] = [world.acquire("a", { blocksLoading: true }), world.acquire("a")];

  await world.clock.advance(4_999);
  expect(await outcomeOf(script)).toBe("pending");
  await world.clock.advance(1);
  expect(await outcomeOf(script)).toEqual({ type: "bare" });
  await world.clock.advance(20_000);
  expect(await outcomeOf(image)).toMatchObject({ type: "token" });
});

test("a refused token is no question for the next user's page", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  await world.acquire("a");
  const refusal = { challenge: "Bearer", accessToken: "ada#1", account: "ada", sentAt: world.clock.now() };
  page.account = ALAN;
  world.tokens.forget();
  world.announce("a");
  expect(await world.acquire("a", { refusal })).toEqual({ type: "bare" });
  expect(world.questions("acquire")).toEqual(["a"]);
});

for (const [kind, next] of [
  ["another account", ALAN],
  ["no account any more", SIGNED_OUT],
] as const) {
  test(`a page that names ${kind} while another page is asked does not get that page's token`, async () => {
    const hidden = new FakeClient("a", ADA);
    hidden.visibilityState = "hidden";
    const visible = new FakeClient("b", ADA);
    const world = new WorkerWorld(hidden, visible);
    for (const id of ["a", "b"]) world.announce(id);
    visible.delay = 100;
    const waiting = world.acquire("a");
    await settle();
    hidden.account = next;
    world.announce("a");
    await world.clock.advance(1_000);
    expect(await waiting).not.toMatchObject({ account: "ada" });
  });
}

/** The request of a web worker that waits for a page's token while another page comes. */
async function tokenWhilePageComes(comes: FakeClient): Promise<readonly [TokenResult, WorkerWorld]> {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page, new FakeClient("worker", null, "worker"));
  page.delay = 100;
  const waiting = world.acquire("worker");
  await world.clock.advance(100);
  await settle();
  world.clients.set(comes.id, comes);
  world.announce(comes.id);
  await world.clock.advance(1_000);
  return [await waiting, world];
}

test("a web worker keeps the token that it waits for when a page of the same account comes meanwhile", async () => {
  const [result, world] = await tokenWhilePageComes(new FakeClient("b", ADA));
  expect(result).toMatchObject({ accessToken: "ada#1", account: "ada" });
  expect(world.questions("acquire")).toEqual(["a"]);
});

test("a web worker's request goes out bare when a page of another account comes while it waits for its token", async () => {
  const [result] = await tokenWhilePageComes(new FakeClient("b", ALAN));
  expect(result).toEqual({ type: "bare" });
});

test("a page of another version cannot say who it is, so its requests go out bare", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  page.override = () => ({ type: "incompatible" });

  expect(await world.acquire("a")).toEqual({ type: "bare" });
});

for (const [answer, result] of [
  ["bare", "bare"],
  ["unavailable", "unavailable"],
] as const) {
  test(`the answer "${answer}" is passed on`, async () => {
    const page = new FakeClient("a", ADA);
    const world = new WorkerWorld(page);
    world.announce("a");
    page.override = () => ({ type: answer });

    expect(await world.acquire("a")).toEqual({ type: result });
  });
}

test("a page's token of another account than the one that was asked for is not sent, and the question is asked anew", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  world.announce("a");
  page.override = () => {
    page.override = null;
    return { type: "token", account: ALAN, token: world.issue("alan") };
  };

  expect(await world.acquire("a")).toMatchObject({ account: "ada", accessToken: "ada#2" });
});

test("a page that keeps changing its account ends the request after three attempts", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  let turn = 0;
  page.override = () => ({
    type: "identity",
    account: signedIn(`user${++turn}`),
    map: "",
    observing: false,
    unanswered: [],
    token: null,
  });

  expect(await world.acquire("a")).toEqual({ type: "unavailable" });
});

test("ended tokens are dropped, and the memory has a bound", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  for (let i = 0; i < 250; i++)
    await world.acquire("a", { match: { ...ORDERS, server: `https://h${i}.example` } });

  // The first servers were forgotten, so the page is asked for them anew.
  const before = world.questions("acquire").length;
  await world.acquire("a", { match: { ...ORDERS, server: "https://h0.example" } });
  await world.acquire("a", { match: { ...ORDERS, server: "https://h249.example" } });
  expect(world.questions("acquire").length - before).toBe(1);
});

test("a page whose request shared another page's question hears why there is no token, once", async () => {
  const [a, b, c] = ["a", "b", "c"].map((id) => new FakeClient(id, ADA)) as [
    FakeClient,
    FakeClient,
    FakeClient,
  ];
  const world = new WorkerWorld(a, b, c, new FakeClient("worker", null, "worker"));
  for (const { id } of [a, b, c]) world.announce(id);
  world.records.conclude("worker", ADA);
  const failure = { code: "popup_closed", reason: "user_cancelled", correlationId: null } as const;
  a.override = () => ({ type: "bare", failure });

  const waiting = ["a", "a", "b", "b", "worker"].map((id) => world.acquire(id));

  expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ type: "bare" })));
  expect(world.questions("acquire")).toEqual(["a"]);
  const url = `${ORDERS.server}/orders`;
  expect(b.heard).toEqual([seal({ type: "failed", url, method: "GET", failure, outcome: "bare" })]);
  // The page that was asked emits its event itself, and no request of the other page waited.
  expect(a.heard).toEqual([]);
  expect(c.heard).toEqual([]);
  expect(world.client("worker").heard).toEqual([]);
});

test("a page hears of no failure that the page that was asked has not emitted", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ADA));
  for (const id of ["a", "b"]) world.announce(id);
  world.client("a").override = () => ({ type: "unavailable" });

  const waiting = [world.acquire("a"), world.acquire("b")];

  expect(await Promise.all(waiting)).toEqual([{ type: "unavailable" }, { type: "unavailable" }]);
  expect(world.client("b").heard).toEqual([]);
});
