import { expect, test } from "@playwright/test";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { loaded } from "./with-globals.ts";

const { TestTokenSource } = await loaded(() => import("../../testing/index.ts"));

const REQUEST = {
  scopes: ["Orders.Read"],
  url: "https://api.example.com/orders",
  method: "GET",
  forceRefresh: false,
  challenge: {},
  unanswered: 0,
};

const codeOf = async (acquired: Promise<unknown>): Promise<string> => {
  const error = await acquired.then(
    () => "a token",
    (error: unknown) => error,
  );
  return error instanceof BearerWorkerError ? error.code : String(error);
};

test("a source hands out one token after the other for a user who is signed in", async () => {
  const source = new TestTokenSource({ now: () => 1_000, lifetime: 500 });
  await source.ready();
  expect(source.account()).toBe("test-user");
  expect(await source.acquireSilent(REQUEST)).toEqual({
    accessToken: "test-token-1",
    account: "test-user",
    expiresOn: new Date(1_500),
  });
  expect(await source.acquireSilent(REQUEST)).toMatchObject({ accessToken: "test-token-2" });
  expect(source.silent).toEqual([REQUEST, REQUEST]);
});

test("a test can choose the tokens and their account", async () => {
  const source = new TestTokenSource({
    account: "ada",
    accessToken: ({ scopes }, count) => `${scopes.join()} ${count}`,
  });
  expect(await source.acquireSilent(REQUEST)).toMatchObject({
    accessToken: "Orders.Read 1",
    account: "ada",
  });
});

test("a visitor gets no token without acting, and signs in by an interaction", async () => {
  const source = new TestTokenSource({ account: null });
  expect(source.account()).toBeNull();
  expect(await codeOf(source.acquireSilent(REQUEST))).toBe("interaction_required");
  expect(await source.acquireInteractive(REQUEST)).toMatchObject({ account: "test-user" });
  expect(source.account()).toBe("test-user");
  expect(source.interactive).toEqual([REQUEST]);
});

test("a required interaction ends with the user's act", async () => {
  const source = new TestTokenSource({ interactionRequired: true });
  expect(await codeOf(source.acquireSilent(REQUEST))).toBe("interaction_required");
  await source.acquireInteractive(REQUEST);
  expect(await source.acquireSilent(REQUEST)).toMatchObject({ accessToken: "test-token-2" });
});

test("a closed popup leaves the user where they were", async () => {
  const source = new TestTokenSource({ account: null, closesPopup: true });
  expect(await codeOf(source.acquireInteractive(REQUEST))).toBe("popup_closed");
  expect(source.account()).toBeNull();
});

test("a failure is the outcome of every request while it is set", async () => {
  const source = new TestTokenSource({ failure: new Error("The provider is down.") });
  expect(await codeOf(source.acquireSilent(REQUEST))).toBe("Error: The provider is down.");
  expect(await codeOf(source.acquireInteractive(REQUEST))).toBe("Error: The provider is down.");
  source.failure = null;
  expect(await source.acquireSilent(REQUEST)).toMatchObject({ accessToken: "test-token-1" });
});

test("a slow source answers after its delay, and not before", async () => {
  const source = new TestTokenSource({ delay: 50 });
  const start = performance.now();
  await source.acquireSilent(REQUEST);
  // A timer may fire a fraction of a millisecond early.
  expect(performance.now() - start).toBeGreaterThan(49);

  source.delay = Infinity;
  const never = source.acquireSilent(REQUEST).then(() => "answered");
  source.delay = 0;
  await source.acquireSilent(REQUEST);
  expect(await Promise.race([never, Promise.resolve("waiting")])).toBe("waiting");
});

test("an attached page hears of sign-in, sign-out and interaction until it stops", async () => {
  const source = new TestTokenSource();
  const heard: string[] = [];
  const stop = source.subscribe((change) => heard.push(`${change} ${source.account()}`));
  source.signOut();
  source.signIn("ada");
  await source.acquireInteractive(REQUEST);
  stop();
  source.signOut();
  expect(heard).toEqual(["account null", "interaction ada", "interaction ada"]);
});
