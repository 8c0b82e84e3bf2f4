import { authorizations, expect, test } from "./fixtures.ts";

test("a page whose requests the browser lets pass by its worker says so", async ({ site, page, stack }) => {
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
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  await cdp.send("Network.setBypassServiceWorker", { bypass: false });
  await page.reload();
  await site.attached();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.events("tokenfailed")).toEqual([]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "none", "bearer"]);
  // To look costs no token: the worker has forgotten nothing.
  expect(stack.provider.requests).toHaveLength(before);
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
