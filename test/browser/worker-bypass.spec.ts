import { authorizations, expect, requestByXhr, test } from "./fixtures.ts";
import { holdRequests } from "./held-requests.ts";
import { NEWER_WORKER } from "./other-version.ts";

declare global {
  interface Window {
    /** URLs of the workers that have taken control. */
    scripts: (string | undefined)[];
  }
}

test("a page whose requests bypass its worker says so, and attaches tokens by itself", async ({
  site,
  page,
  stack,
}) => {
  await site.fetch("/api/orders");
  const before = stack.provider.requests.length;
  // Developer tools do this with "Bypass for network".
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.setBypassServiceWorker", { bypass: true });

  await page.reload();
  await site.attached();

  expect(await site.run(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await expect
    .poll(() => site.events("tokenfailed"))
    .toEqual([
      {
        type: "tokenfailed",
        code: "worker_bypassed",
        resource: "*",
        scopes: [],
        reason: null,
        correlationId: null,
        outcome: "bare",
      },
    ]);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(site)).toBe(200);

  await cdp.send("Network.setBypassServiceWorker", { bypass: false });
  await page.reload();
  await site.attached();
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.events("tokenfailed")).toEqual([]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "bearer", "bearer"]);
  // The page had a token, so the provider was not asked.
  expect(stack.provider.requests).toHaveLength(before);
});

test("a page replaces its worker when Chromium no longer sends it requests", async ({ site, stack }) => {
  const script = await site.run(() => navigator.serviceWorker.controller?.scriptURL ?? "");
  // Chromium does so when a waiting worker is stopped and becomes active afterwards.
  stack.api.settings.delayMs["/media/photo"] = 3_000;
  const slow = site.fetch("api:/media/photo");
  await expect.poll(() => stack.api.received.length).toBe(1);
  stack.site.override("/bearer-sw.js", { body: NEWER_WORKER });
  await site.run(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await expect
    .poll(() =>
      site.run(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state ?? "none"),
    )
    .toBe("installed");
  await site.run(() => {
    window.scripts = [];
    navigator.serviceWorker.addEventListener("controllerchange", () =>
      window.scripts.push(navigator.serviceWorker.controller?.scriptURL),
    );
  });
  await site.stopWorkerThatIs("installed");
  await slow;

  // The replacement has another URL. It is replaced by the first URL again.
  await expect.poll(() => site.run(() => window.scripts)).toEqual([script, `${script}&`, script]);
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.fetch("/api/orders", { method: "POST" })).toMatchObject({ status: 201 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  expect(await site.events("tokenfailed")).toEqual([]);
  // There is no second registration.
  expect(await site.registrations()).toBe(1);
});

test("a page whose requests bypass its worker leaves another package's worker that waits in its place", async ({
  site,
  page,
  stack,
}) => {
  stack.site.override("/other-worker.js", { body: "addEventListener('fetch', () => undefined);" });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.setBypassServiceWorker", { bypass: true });
  // The page asks its worker for its version once it is attached.
  const look = await holdRequests(page, (url) => url.pathname === "/bearer-sw.js");
  await page.reload();
  await site.attached();
  await look.asked();
  const waiting = (): Promise<string | undefined> =>
    site.run(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.scriptURL);
  await site.run(() => void navigator.serviceWorker.register("/other-worker.js"));
  await expect.poll(waiting).toMatch(/other-worker\.js$/);

  look.release();

  await expect
    .poll(() => site.events("tokenfailed"))
    .toEqual([expect.objectContaining({ code: "worker_bypassed", resource: "*" })]);
  expect(await waiting()).toMatch(/other-worker\.js$/);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test("the worker keeps its tokens when another page loads", async ({ site, open, page, stack }) => {
  await site.fetch("/api/orders");
  const second = await open({}, await page.context().newPage());
  await expect
    .poll(() =>
      second.run(() => performance.getEntriesByType("resource").some(({ name }) => name.includes("forget"))),
    )
    .toBe(true);

  await site.fetch("/api/orders");

  // The worker had the token, and did not ask again.
  expect(await site.events("tokenacquired")).toHaveLength(1);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  // The page's own probe went to the worker alone.
  expect(stack.site.received.filter(({ method }) => method === "HEAD")).toEqual([]);
});
