import { expect, received, test } from "./fixtures.ts";

const REGISTRATIONS = "navigator.serviceWorker.getRegistrations().then(({ length }) => length)";

test("storage that was cleared takes the worker along, and the next load registers it again", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Storage.clearDataForOrigin", {
    origin: stack.site.origin,
    storageTypes: "service_workers,cache_storage,indexeddb",
  });
  await expect.poll(() => site.run(REGISTRATIONS)).toBe(0);

  await page.reload();
  await site.attached();

  expect(await site.run(REGISTRATIONS)).toBe(1);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual([
    "bearer",
    "bearer",
  ]);
});

test("with all of the site's data cleared, MSAL's too, the user signs in again and all is well", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Storage.clearDataForOrigin", { origin: stack.site.origin, storageTypes: "all" });
  await site.run("sessionStorage.clear()");

  await page.reload();
  await site.attached();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, "ada@contoso.example"]);
});

test("a registration that was removed by hand serves the page on, and the next load registers again", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  await site.fetch("/api/orders");

  await site.run(
    "navigator.serviceWorker.getRegistration().then((registration) => registration.unregister())",
  );
  expect(await site.run(REGISTRATIONS)).toBe(0);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  // It is not known to the browser any more, and starts again all the same.
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await page.reload();
  await site.attached();
  expect(await site.run(REGISTRATIONS)).toBe(1);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual(
    Array(4).fill("bearer"),
  );
});

test("a new tab that registers again after a removal by hand leaves the open page its tokens", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  await site.fetch("/api/orders");
  await site.run(
    "navigator.serviceWorker.getRegistration().then((registration) => registration.unregister())",
  );

  const second = await open({}, await page.context().newPage());
  await second.run(`window.msal.ssoSilent({ loginHint: "ada@contoso.example" }).then(() => {})`);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.run(REGISTRATIONS)).toBe(1);
  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual(
    Array(3).fill("bearer"),
  );
});
