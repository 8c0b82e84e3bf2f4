import { expect, received, test, tokenRequests } from "./fixtures.ts";

declare global {
  interface Window {
    /** Types of the worker's messages. */
    asked: string[];
  }
}

/** MSAL's default takes a token that lives for seconds as expired. */
const SHORT_LIVED = { msal: { system: { tokenRenewalOffsetSeconds: 1 } } };

/** MSAL's id of an acquisition, as the provider's logs have it. */
const correlationId = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);

test("a token that the worker has lost comes from the identity library's cache", async ({ site, stack }) => {
  await site.fetch("/api/orders");
  const before = stack.provider.requests.length;

  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(stack.provider.requests.length).toBe(before);
  expect(await site.events("tokenacquired")).toMatchObject([
    { fromCache: false, correlationId },
    { fromCache: true, correlationId },
  ]);
});

test("a restarted worker asks a page that gave it a token once", async ({ site }) => {
  await site.fetch("/api/orders");
  await site.run(() => {
    window.asked = [];
    navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ type: string }>) =>
      window.asked.push(data.type),
    );
  });

  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(await site.run(() => window.asked)).toEqual(["identify"]);
});

test("an expired token is replaced by the refresh token", async ({ open, stack }) => {
  stack.provider.settings.accessTokenSeconds = 2;
  const site = await open(SHORT_LIVED);
  await site.signIn();
  await site.fetch("/api/orders");
  const issued = await site.run(() => Date.now());

  await expect.poll(() => site.run(() => Date.now())).toBeGreaterThan(issued + 2_000);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders").every(({ user }) => user !== null)).toBe(true);
  expect(tokenRequests(stack, "refresh_token").length).toBeGreaterThanOrEqual(2);
});

test("the hidden iframe gets a token when there is no refresh token", async ({ site, stack }) => {
  stack.provider.revokeRefreshTokens();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(
    stack.provider.requests.map(({ endpoint, outcome, prompt }) => [endpoint, outcome, prompt]),
  ).toContainEqual(["authorize", "ok", "none"]);
});

test("a token close to its end is attached while its successor is fetched", async ({ open, stack }) => {
  stack.provider.settings.accessTokenSeconds = 600;
  stack.provider.settings.refreshInSeconds = 1;
  const site = await open();
  await site.signIn();
  await site.fetch("/api/orders");
  const issued = await site.run(() => Date.now());
  await expect.poll(() => site.run(() => Date.now())).toBeGreaterThan(issued + 1_000);
  const before = tokenRequests(stack).length;
  stack.provider.fault("token", "hang", { count: 1 });

  // The request does not wait for the provider, which hangs.
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await expect.poll(() => tokenRequests(stack).length).toBe(before + 1);
});

test("a request ends as a network error while the provider is down, and the next request recovers", async ({
  site,
  stack,
}) => {
  stack.provider.stop();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 0 });
  expect(received(stack, "/api/orders")).toEqual([]);
  expect(await site.events("tokenfailed")).toMatchObject([
    { code: "silent_failed", outcome: "unavailable", correlationId },
  ]);

  stack.provider.start();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});
