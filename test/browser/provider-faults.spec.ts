import { anonymous, expect, received, type SitePage, test, tokenRequests } from "./fixtures.ts";
import { answeredWith, failedAgain, moreAnswers, startTraffic } from "./traffic.ts";

/** MSAL does not ask a provider for a minute after a 5xx or 429 in JSON, by the page's clock. */
const moveAMinuteOn = (site: SitePage): Promise<void> =>
  site.run(() => {
    const now = Date.now;
    Date.now = () => now() + 61_000;
  });

/** The longest that a request may wait, in milliseconds: a pause and the deadline of one attempt. */
const LONGEST = 45_000;

const faults = [
  { name: "500 in HTML", kind: "500-html", calls: 4 },
  { name: "500 in JSON", kind: "500-json", calls: 1, isThrottled: true },
  {
    name: "429 without Retry-After",
    kind: "429",
    options: { retryAfterSeconds: null },
    calls: 1,
    isThrottled: true,
  },
  { name: "429 with Retry-After", kind: "429", options: { retryAfterSeconds: 3 }, calls: 2 },
  // MSAL sends each request that fails in the network twice.
  { name: "broken connections", kind: "reset", calls: 8 },
] as const;

for (const { name, kind, calls, ...fault } of faults) {
  test(`requests end as network errors while the token endpoint answers ${name}, and recover by themselves`, async ({
    site,
    stack,
  }) => {
    test.setTimeout(90_000);
    const before = tokenRequests(stack).length;
    stack.provider.fault("token", kind, "options" in fault ? fault.options : {});

    const traffic = await startTraffic(site, 10);
    await moreAnswers(traffic);
    const during = tokenRequests(stack).slice(before);
    expect(new Set((await traffic.trips()).map(({ status }) => status))).toEqual(new Set([0]));
    expect(received(stack, "/api/orders")).toEqual([]);
    expect(await site.events("tokenfailed")).toContainEqual(
      expect.objectContaining({ code: "silent_failed", outcome: "unavailable" }),
    );

    stack.provider.clearFaults();
    if ("isThrottled" in fault) await moveAMinuteOn(site);
    await answeredWith(traffic, 200);
    const trips = await traffic.end();

    // Dozens of requests of the page led to few token requests, and Retry-After was kept.
    expect(during.length).toBeLessThanOrEqual(calls);
    if ("options" in fault && fault.options.retryAfterSeconds) {
      const [first, second] = tokenRequests(stack).slice(before);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
    }
    // No request fails once the provider is back, and no request has gone out bare.
    expect(failedAgain(trips)).toEqual([]);
    expect(trips.filter(({ took }) => took > LONGEST)).toEqual([]);
    expect(anonymous(stack, "/api/orders")).toEqual([]);
  });
}

test("a token endpoint that hangs is given up, and the next attempt does not wait for the first", async ({
  site,
  page,
  stack,
}) => {
  await page.clock.install();
  const before = tokenRequests(stack).length;
  // MSAL has no deadline. It lets later acquisitions wait for a token request that is under way.
  stack.provider.fault("token", "hang", { count: 1 });

  const traffic = await startTraffic(site, 10);
  await expect.poll(() => tokenRequests(stack).length).toBe(before + 1);
  // The page's deadline is of 30 seconds.
  await page.clock.fastForward(31_000);
  await answeredWith(traffic, 200);
  const trips = await traffic.end();

  expect(
    tokenRequests(stack)
      .slice(before)
      .map(({ outcome }) => outcome),
  ).toEqual(["hang", "ok"]);
  expect(await site.events("tokenfailed")).toMatchObject([
    { code: "silent_timeout", outcome: "unavailable" },
  ]);
  expect(new Set(trips.map(({ status }) => status))).toEqual(new Set([0, 200]));
  expect(trips.filter(({ took }) => took > LONGEST)).toEqual([]);
  expect(anonymous(stack, "/api/orders")).toEqual([]);
});

test("an authorize endpoint that hangs is given up, and the next attempt gets a token", async ({
  site,
  page,
  stack,
}) => {
  await page.clock.install();
  stack.provider.revokeRefreshTokens();
  const before = stack.provider.requests.length;
  stack.provider.fault("authorize", "hang", { count: 1 });

  const traffic = await startTraffic(site, 10);
  await expect.poll(() => stack.provider.requests.at(-1)?.endpoint).toBe("authorize");
  // MSAL's deadline for its hidden iframe is of 10 seconds.
  await page.clock.fastForward(11_000);
  await answeredWith(traffic, 200);
  const trips = await traffic.end();

  expect(stack.provider.requests.slice(before).map(({ endpoint, outcome }) => [endpoint, outcome])).toEqual([
    ["token", "invalid_grant"],
    ["authorize", "hang"],
    ["authorize", "ok"],
    ["token", "ok"],
  ]);
  expect(await site.events("tokenfailed")).toMatchObject([{ code: "silent_failed", reason: "timed_out" }]);
  expect(trips.filter(({ took }) => took > LONGEST)).toEqual([]);
  expect(await site.run(() => document.querySelectorAll("iframe").length)).toBe(0);
  expect(anonymous(stack, "/api/orders")).toEqual([]);
});

test("a refused token without a successor leaves the API's own answers, and the provider is asked seldom", async ({
  site,
  stack,
}) => {
  await site.fetch("/api/orders");
  await stack.api.revokeTokens();
  const before = tokenRequests(stack).length;
  stack.provider.fault("token", "500-html");

  const traffic = await startTraffic(site, 10);
  await moreAnswers(traffic);
  expect(tokenRequests(stack).length - before).toBeLessThanOrEqual(4);
  expect(new Set((await traffic.trips()).map(({ status }) => status))).toEqual(new Set([401]));

  stack.provider.clearFaults();
  await answeredWith(traffic, 200);
  await traffic.end();
  expect(anonymous(stack, "/api/orders")).toEqual([]);
});

test("a session that has ended costs the provider few requests, and one sign-in brings everything back", async ({
  open,
  stack,
}) => {
  const site = await open({ attach: { interaction: "none" } });
  await site.signIn();
  site.endSession();
  const before = stack.provider.requests.length;

  const traffic = await startTraffic(site, 10);
  await moreAnswers(traffic);
  // Each attempt is a refresh and an iframe.
  expect(stack.provider.requests.length - before).toBeLessThanOrEqual(8);
  await traffic.end();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  await site.signInByPopup();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test('a provider in trouble is asked as seldom with fallback: "fetch"', async ({ open, page, stack }) => {
  await page.addInitScript(() => {
    delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker;
  });
  const site = await open({ attach: { fallback: "fetch" } });
  await site.signIn();
  const before = tokenRequests(stack).length;
  stack.provider.fault("token", "500-html");

  const traffic = await startTraffic(site, 10);
  await moreAnswers(traffic);
  expect(tokenRequests(stack).length - before).toBeLessThanOrEqual(4);

  stack.provider.clearFaults();
  await answeredWith(traffic, 200);
  await traffic.end();
  expect(anonymous(stack, "/api/orders")).toEqual([]);
});
