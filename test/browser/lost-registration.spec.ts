import { authorizations, expect, received, requestByXhr, type SitePage, test } from "./fixtures.ts";

/** Clears data of the site, as the user can in the browser's settings. */
async function clearData(site: SitePage, storageTypes: string): Promise<void> {
  const cdp = await site.page.context().newCDPSession(site.page);
  await cdp.send("Storage.clearDataForOrigin", { origin: site.stack.site.origin, storageTypes });
}

test("a worker goes with its site's cleared storage, and the next load registers it again", async ({
  site,
  page,
  stack,
}) => {
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await clearData(site, "service_workers,cache_storage,indexeddb");
  await expect.poll(() => site.registrations()).toBe(0);

  await page.reload();
  await site.attached();

  expect(await site.registrations()).toBe(1);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});

test("an open page whose worker is removed with its site's data says so, and attaches tokens by itself", async ({
  site,
  stack,
}) => {
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await clearData(site, "service_workers");

  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ resource: "*", code: "worker_removed", outcome: "bare" }]);
  expect(await site.run(() => navigator.serviceWorker.controller)).toBe(null);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(site)).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "bearer"]);
});

test("a user whose site data was cleared, MSAL's too, signs in again, and requests have tokens", async ({
  site,
  page,
  stack,
}) => {
  await clearData(site, "all");
  await site.run(() => sessionStorage.clear());

  await page.reload();
  await site.attached();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, "ada@contoso.example"]);
});

test("a worker that was unregistered by hand still serves its page, and the next load registers it again", async ({
  site,
  page,
  stack,
}) => {
  await site.fetch("/api/orders");

  await site.unregister();
  expect(await site.registrations()).toBe(0);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  // The browser starts an unregistered worker again while it controls a page.
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await page.reload();
  await site.attached();
  expect(await site.registrations()).toBe(1);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(Array(4).fill("bearer"));
});

test("a new tab that registers again after a removal by hand leaves the open page its tokens", async ({
  site,
  open,
  page,
  stack,
}) => {
  await site.fetch("/api/orders");
  await site.unregister();

  const second = await open({}, await page.context().newPage());
  await second.signInSilently();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.registrations()).toBe(1);
  expect(authorizations(stack, "/api/orders")).toEqual(Array(3).fill("bearer"));
});
