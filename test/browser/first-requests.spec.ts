import { authorizations, expect, replaceScript, SitePage, test } from "./fixtures.ts";

/** Results that the replaced scripts leave on their window. */
type EarlyWindow = typeof window & {
  early: Promise<number>;
  unprotected: Promise<ServiceWorker | null>;
  given: Promise<number>;
};

/** Names that the test of calls at once leaves on its window. */
type SlowWindow = typeof window & { answer: () => void; calls: Promise<Response>[] };

const MAP = `{ "/api/health": null, "/api/*": ["api://orders/Data.Read"] }`;

test("early calls of fetch get their tokens on a first visit", async ({ open, page, stack }) => {
  // An earlier visit in this tab has signed the user in. Its worker is gone.
  const site = await open();
  await site.signIn();
  await site.unregister();
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, { protectedResourceMap: ${MAP} });
    window.early = fetch("/api/orders").then(({ status }) => status);
    window.unprotected = fetch("/api/health").then(() => navigator.serviceWorker.controller);
    window.given = fetch(new Request("/api/orders", { method: "POST", body: "x" })).then(({ status }) => status)`,
  );

  await page.goto(site.url({}));
  await site.attached();

  expect(await site.run(() => (window as EarlyWindow).early)).toBe(200);
  // An unprotected request goes its way: the page had no worker yet when it was answered.
  expect(await site.run(async () => (await (window as EarlyWindow).unprotected) === null)).toBe(true);
  // The POST went out whole and with a token, whose scope does not allow writing.
  expect(await site.run(() => (window as EarlyWindow).given)).toBe(403);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  expect(stack.api.received.find(({ method }) => method === "POST")?.body?.bytes).toBe(1);
  expect(await site.run(() => String(fetch))).toContain("[native code]");
});

test("early calls of fetch get their tokens after a hard reload", async ({ site, stack }) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, { protectedResourceMap: ${MAP} });
    window.early = fetch("/api/orders").then(({ status }) => status)`,
  );

  await site.hardReload();

  expect(await site.run(() => (window as EarlyWindow).early)).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

for (const [visit, leave] of [
  ["a first visit", (site: SitePage) => site.unregister()],
  ["a reload", () => Promise.resolve()],
] as const) {
  test(`the first protected response of ${visit} waits for the page's own files, and for no other request`, async ({
    open,
    stack,
  }) => {
    const site = await open();
    await site.signIn();
    // MSAL's cache has the token.
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
    await leave(site);
    replaceScript(
      stack,
      `bearerWorker.attachTokens(window.msal, { protectedResourceMap: ${MAP} });
      window.early = fetch("/api/orders").then(({ status }) => status)`,
    );
    const asked = { site: stack.site.received.length, provider: stack.provider.requests.length };

    await site.page.goto(site.url({}));
    expect(await site.run(() => (window as EarlyWindow).early)).toBe(200);

    const [first] = stack.api.received.slice(-1);
    const before = stack.site.received.slice(asked.site).filter(({ at }) => at <= (first?.at ?? 0));
    // The browser gets the worker's script beside, and nothing waits for it.
    const paths = before
      .map(({ path }) => path)
      .filter((path) => !/^\/(?:bearer-sw\.js|favicon\.ico|api\/)/.test(path));
    expect(paths).toEqual(["/", "/demo-config.js", "/bearer-page.js", "/site.js"]);
    expect(stack.provider.requests.slice(asked.provider)).toEqual([]);
    expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  });
}

test("an early request of a signed-out page goes out without a token though attaching fails", async ({
  page,
  stack,
}) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, { protectedResourceMap: ${MAP}, serviceWorker: "/nowhere.js" })
      .catch(({ code }) => window.events.push({ type: code }));
    window.early = fetch("/api/orders").then(({ status }) => status)`,
  );
  const site = await SitePage.open(page, stack);

  expect(await site.run(() => (window as EarlyWindow).early)).toBe(401);
  expect(await site.events("worker_registration_failed")).toHaveLength(1);
});

test.describe("without service workers", () => {
  test.beforeEach(async ({ page }) => {
    // Browsers that have switched service workers off lack the property.
    await page.addInitScript(() => {
      delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker;
    });
  });

  test("attachTokens rejects, and its message names the fallback", async ({ page, stack }) => {
    replaceScript(
      stack,
      `bearerWorker.attachTokens(window.msal, { protectedResourceMap: ${MAP} })
        .catch(({ code, message }) => window.events.push({ type: "failure", code, message }))`,
    );
    const site = await SitePage.open(page, stack);

    expect(await site.events("failure")).toEqual([
      { type: "failure", code: "service_worker_unavailable", message: expect.stringContaining(`"fallback"`) },
    ]);
    expect(await site.run(() => String(fetch))).toContain("[native code]");
  });

  test('fallback: "fetch" attaches tokens to the calls of fetch that need one, and replays a challenged one once', async ({
    open,
    stack,
  }) => {
    const site = await open({ attach: { fallback: "fetch" } });
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
    await site.signIn();

    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
    expect(await site.fetch("/api/orders", { method: "POST", body: "x" })).toMatchObject({ status: 201 });
    expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });
    expect(await site.fetch("/api/health")).toMatchObject({ status: 200 });
    expect(await site.fetch("/api/orders", { headers: { Authorization: "Basic dTpw" } })).toMatchObject({
      status: 401,
    });

    expect(stack.api.received.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/api/orders", "none"],
      ["/api/orders", "bearer"],
      ["/api/orders", "bearer"],
      ["/media/photo", "bearer"],
      ["/api/health", "none"],
      ["/api/orders", "basic"],
    ]);

    stack.api.reset();
    await site.fetch("/api/orders", { method: "POST", body: "first" });
    await stack.api.revokeTokens();

    expect(await site.fetch("/api/orders", { method: "POST", body: "again" })).toMatchObject({ status: 201 });

    expect(stack.api.received.map(({ status, body }) => [status, body?.bytes])).toEqual([
      [201, 5],
      [401, 5],
      [201, 5],
    ]);
  });

  test('fallback: "fetch" shares one acquisition among calls at once, and renews a token that is always refused less and less often', async ({
    page,
    stack,
  }) => {
    replaceScript(
      stack,
      `(window.mayAnswer = new Promise((resolve) => (window.answer = resolve)), bearerWorker).attachTokens({
        providerOrigins: [],
        redirectPages: [],
        ready: async () => {},
        account: () => "ada",
        subscribe: () => () => {},
        acquireInteractive: async () => null,
        async acquireSilent({ forceRefresh }) {
          window.events.push({ type: forceRefresh ? "renewed" : "acquired" });
          await window.mayAnswer;
          return { accessToken: "none.that.will.do", account: "ada", expiresOn: new Date(Date.now() + 3_600_000) };
        },
      }, { fallback: "fetch", protectedResourceMap: ${MAP} })`,
    );
    await page.clock.install();
    const site = await SitePage.open(page, stack);
    await page.clock.pauseAt(Date.now() + 10_000);

    await site.run(() => {
      (window as SlowWindow).calls = Array.from({ length: 20 }, () => fetch("/api/orders"));
    });
    await expect.poll(() => site.events("acquired")).not.toEqual([]);
    await site.run(async () => {
      (window as SlowWindow).answer();
      await Promise.all((window as SlowWindow).calls);
    });
    expect(await site.events("acquired")).toHaveLength(1);
    for (const [pause, renewals] of [
      [0, 1],
      [999, 1],
      [1, 2],
      [1_999, 2],
      [1, 3],
    ] as const) {
      await page.clock.runFor(pause);
      expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
      expect(await site.events("renewed")).toHaveLength(renewals);
    }
    expect(await site.events("acquired")).toHaveLength(1);
  });

  test('fallback: "fetch" fails a call as the network does while no token can be had, and ends with detach', async ({
    open,
    stack,
  }) => {
    const site = await open({ attach: { fallback: "fetch" } });
    await site.signIn();
    stack.provider.stop();
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 0 });
    stack.provider.start();
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

    await site.run(async () => await (await window.attached).detach());

    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
    expect(await site.run(() => String(fetch))).toContain("[native code]");
  });
});
