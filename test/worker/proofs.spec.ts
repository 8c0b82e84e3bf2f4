import { expect, test } from "@playwright/test";
import type { RequestMatch } from "../../pipeline/request-matcher.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { Question } from "../../protocol/questions.ts";
import { settle } from "../unit/manual-clock.ts";
import { FakeClient, ORDERS, signedIn, WorkerWorld } from "./worker-world.ts";

const ADA = signedIn("ada");
const ALAN = signedIn("alan");
const BOUND: RequestMatch = { ...ORDERS, tokenType: "DPoP" };
const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
  "sign",
  "verify",
]);

/** A page whose identity library has a key pair, or signs by itself. */
function pageThatSigns(world: WorkerWorld, id: string, signer: CryptoKeyPair | "page"): string[] {
  const client = world.client(id);
  const proofs: string[] = [];
  const tokens = new Map<string, Extract<Answer, { type: "token" }>>();
  client.override = (question: Question): Answer | null => {
    const { account } = client;
    if (account?.type !== "account") return { type: "bare" };
    if (question.type === "identify")
      return { type: "identity", account, map: client.map, observing: false, unanswered: [], token: null };
    if (question.account.type !== "account" || question.account.id !== account.id)
      return { type: "identity", account, map: client.map, observing: false, unanswered: [], token: null };
    if (question.type === "acquire") {
      const token = { type: "token", account, token: { ...world.issue(account.id), signer } } as const;
      tokens.set(account.id, token);
      return token;
    }
    const token = tokens.get(account.id);
    if (!token) return { type: "bare" };
    proofs.push(`${question.proof.method} ${question.proof.nonce}`);
    return { ...token, proof: `proof-${proofs.length}` };
  };
  return proofs;
}

test("a token with its key pair comes once, and the pages are asked no more", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  pageThatSigns(world, "a", keys);
  const first = await world.acquire("a", { match: BOUND });
  const second = await world.acquire("a", { match: BOUND });
  expect(first).toEqual({ type: "token", account: "ada", accessToken: "ada#1", from: "page", signer: keys });
  expect(second).toEqual({
    type: "token",
    account: "ada",
    accessToken: "ada#1",
    from: "memory",
    signer: keys,
  });
  expect(world.questions("acquire")).toEqual(["a"]);
});

test("a bound token and a bearer token for the same scopes are kept apart", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1" });
  expect(await world.acquire("a", { match: BOUND })).toMatchObject({ accessToken: "ada#2" });
  expect(await world.acquire("a")).toMatchObject({ accessToken: "ada#1", from: "memory" });
});

test("the page signs for each request, and the token is not asked for anew", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  const proofs = pageThatSigns(world, "a", "page");
  await world.acquire("a", { match: BOUND });
  const given = await Promise.all(
    Array.from({ length: 100 }, () => world.prove("a", BOUND, { method: "GET", nonce: "n1" })),
  );
  expect(new Set(given.map((credentials) => credentials?.proof)).size).toBe(100);
  expect(new Set(given.map((credentials) => credentials?.accessToken))).toEqual(new Set(["ada#1"]));
  expect(proofs[0]).toBe("GET n1");
  expect(world.questions("acquire")).toHaveLength(1);
});

test("a page that has just loaded gets its token before it signs", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  pageThatSigns(world, "a", "page");
  expect(await world.prove("a", BOUND)).toEqual({ accessToken: "ada#1", proof: "proof-1", account: "ada" });
  expect(world.asked.map(({ question }) => question.type)).toEqual(["identify", "prove", "acquire", "prove"]);
});

test("a page that can get no token signs nothing, and is asked no third time", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  pageThatSigns(world, "a", "page");
  const { override } = world.client("a");
  world.client("a").override = (question) =>
    question.type === "acquire" ? { type: "unavailable" } : (override?.(question) ?? null);
  expect(await world.prove("a", BOUND)).toBeNull();
  expect(world.questions("acquire")).toHaveLength(1);
});

test("a frozen page is passed over for another page of the same account, which signs in its place", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA), new FakeClient("b", ADA));
  world.announce("a");
  world.announce("b");
  pageThatSigns(world, "a", "page");
  pageThatSigns(world, "b", "page");
  await world.acquire("a", { match: BOUND });
  world.client("a").isFrozen = true;
  const proven = world.prove("a", BOUND);
  await world.clock.advance(20_000);
  expect(await proven).toEqual({ accessToken: "ada#2", proof: "proof-1", account: "ada" });
});

test("no page signs for another account: a page that has switched says so, and signs for the new one", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  pageThatSigns(world, "a", "page");
  await world.acquire("a", { match: BOUND });
  world.client("a").account = ALAN;
  expect(await world.prove("a", BOUND)).toEqual({ accessToken: "alan#2", proof: "proof-1", account: "alan" });
});

test("a proof that was under way when the accounts were forgotten is not used", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  const proofs = pageThatSigns(world, "a", "page");
  await world.acquire("a", { match: BOUND });
  page.delay = 100;
  const proving = world.prove("a", BOUND);
  await settle();
  world.tokens.forget();
  await world.clock.advance(1_000);
  expect(await proving).toMatchObject({ proof: "proof-2" });
  expect(proofs).toHaveLength(2);
});

test("a proof for a page that has switched accounts meanwhile is one of the new account", async () => {
  const hidden = new FakeClient("a", ADA);
  hidden.visibilityState = "hidden";
  const visible = new FakeClient("b", ADA);
  const world = new WorkerWorld(hidden, visible);
  for (const id of ["a", "b"]) {
    pageThatSigns(world, id, "page");
    world.announce(id);
  }
  await world.acquire("a", { match: BOUND });
  visible.delay = 100;
  const proving = world.prove("a", BOUND);
  await settle();
  hidden.account = ALAN;
  world.announce("a");
  await world.clock.advance(1_000);
  expect(await proving).toMatchObject({ account: "alan" });
});

test("proofs do not bring a renewal that failed forward", async () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  pageThatSigns(world, "a", "page");
  await world.acquire("a", { match: BOUND });
  const { override } = page;
  page.override = (question) =>
    question.type === "acquire" && question.purpose === "renewal"
      ? { type: "unavailable" }
      : (override?.(question) ?? null);
  await world.clock.advance(2_000_000);
  world.asked.length = 0;
  for (let i = 0; i < 5; i++) {
    await world.acquire("a", { match: BOUND });
    await world.prove("a", BOUND);
    await settle();
  }
  expect(world.questions("acquire")).toEqual(["a"]);
});
