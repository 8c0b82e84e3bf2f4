import { expect, received, test } from "./fixtures.ts";

test("after a reload and a hard reload requests have their tokens", async ({ open, page, stack }) => {
  const site = await open();
  await site.signIn();

  await page.reload();
  await site.attached();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await site.hardReload();
  await site.attached();
  expect(await site.run("navigator.serviceWorker.controller !== null")).toBe(true);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual([
    "bearer",
    "bearer",
  ]);
});

test("a request that a page's HTML starts before its scripts run waits for them", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  stack.site.override("/early.html", {
    headers: { "Content-Type": "text/html" },
    body: `<img src="${stack.api.origin}/media/photo"><script src="/demo-config.js"></script>
      <script src="/bearer-page.js"></script><script src="/site.js"></script>`,
  });

  await page.goto(`${stack.site.origin}/early.html`);

  await expect
    .poll(() => page.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .not.toBe(0);
  expect(received(stack, "/media/photo").map(({ authorization }) => authorization)).toEqual(["bearer"]);
});

test("a worker that was stopped 200 times loses no token", async ({ open, stack }) => {
  test.setTimeout(180_000);
  const site = await open();
  await site.signIn();

  for (let i = 0; i < 200; i++) {
    await site.stopWorker();
    expect(await site.fetch(`/api/orders?${i}`), `request ${i}`).toMatchObject({ status: 200 });
  }

  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual(
    Array.from({ length: 200 }, () => "bearer"),
  );
});

test("a new map is a new worker, and the page has it when attachTokens resolves", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.signIn();
  await open({ attach: { protectedResourceMap: { "/api/health": ["api://orders/Data.Read"] } } }, page);

  await site.fetch("/api/health");
  await site.fetch("/api/orders");

  expect(received(stack, "/api/health").map(({ authorization }) => authorization)).toEqual(["bearer"]);
  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual(["none"]);
});

test("detach takes the worker out of the page", async ({ open, stack }) => {
  const site = await open();
  await site.signIn();
  await site.fetch("/api/orders");

  await site.run(`window.attached.then((attachment) => attachment.detach())`);
  await site.fetch("/api/orders");

  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual([
    "bearer",
    "none",
  ]);
  expect(await site.run("navigator.serviceWorker.getRegistrations().then(({ length }) => length)")).toBe(0);
});
