import { authorizations, expect, requestByXhr, test } from "./fixtures.ts";
import { NEWER_WORKER } from "./other-version.ts";

test("a page whose requests the browser lets pass by its worker says so, and attaches tokens by itself", async ({
  site,
  page,
  stack,
}) => {
  await site.fetch("/api/orders");
  const before = stack.provider.requests.length;
  // What developer tools do with "Bypass for network".
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.setBypassServiceWorker", { bypass: true });

  await page.reload();
  await site.attached();

  expect(await site.run("navigator.serviceWorker.controller !== null")).toBe(true);
  await expect
    .poll(() => site.events("tokenfailed"))
    .toEqual([
      {
        type: "tokenfailed",
        code: "worker_bypassed",
        resource: "*",
        scopes: [],
        reason: null,
        outcome: "bare",
      },
    ]);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(site)).toBe(401);

  await cdp.send("Network.setBypassServiceWorker", { bypass: false });
  await page.reload();
  await site.attached();
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.events("tokenfailed")).toEqual([]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "none", "bearer"]);
  // Nobody asked the provider: the page had a token.
  expect(stack.provider.requests).toHaveLength(before);
});

test("a page whose worker Chromium sends no requests to any more puts a new one in its place", async ({
  site,
  stack,
}) => {
  const script = await site.run<string>("navigator.serviceWorker.controller.scriptURL");
  // What makes Chromium do so: a worker that waits for the old one is stopped, and then becomes active.
  stack.api.settings.delayMs["/media/photo"] = 3_000;
  const slow = site.fetch("api:/media/photo");
  await expect.poll(() => stack.api.received.length).toBe(1);
  stack.site.override("/bearer-sw.js", { body: NEWER_WORKER });
  await site.run(
    "navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => {})",
  );
  await expect
    .poll(() => site.run("navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting?.state)"))
    .toBe("installed");
  await site.run(`void (window.scripts = [], navigator.serviceWorker.addEventListener("controllerchange",
    () => window.scripts.push(navigator.serviceWorker.controller.scriptURL)))`);
  await site.stopWorkerThatIs("installed");
  await slow;

  // By another URL, and back.
  await expect.poll(() => site.run("window.scripts")).toEqual([script, `${script}&`, script]);
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.fetch("/api/orders", { method: "POST" })).toMatchObject({ status: 201 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  expect(await site.events("tokenfailed")).toEqual([]);
  // Nothing of it outlasts the page.
  expect(await site.registrations()).toBe(1);
});

test("a page that is loaded costs the worker none of its tokens", async ({ site, open, page, stack }) => {
  await site.fetch("/api/orders");
  const second = await open({}, await page.context().newPage());
  await expect
    .poll(() =>
      second.run(`performance.getEntriesByType("resource").some(({ name }) => name.includes("forget"))`),
    )
    .toBe(true);

  await site.fetch("/api/orders");

  // The worker had it, and did not ask again.
  expect(await site.events("tokenacquired")).toHaveLength(1);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  // Nobody but the worker was asked.
  expect(stack.site.received.filter(({ method }) => method === "HEAD")).toEqual([]);
});
