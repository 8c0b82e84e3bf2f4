import { expect, received, test, tokenRequests } from "./fixtures.ts";

test("A step-up is brought to the user, and the request is replayed with the new token", async ({
  site,
  stack,
}) => {
  await site.useUpClick();

  const waiting = site.fetch("/api/orders/approvals");
  const popup = await site.openPopup();
  await popup.locator('[data-action="approve"]').click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(stack.api.received.map(({ status, token }) => [status, token?.acrs.includes("c1")])).toEqual([
    [401, false],
    [200, true],
  ]);
});

test("A token that the API has revoked is replaced without the user, and the console names the capability that MSAL lacks", async ({
  site,
  stack,
}) => {
  const warnings: string[] = [];
  site.page.on("console", (message) => {
    if (message.type() === "warning") warnings.push(message.text());
  });
  await site.fetch("/api/orders");
  await stack.api.revokeTokens();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(stack.api.received.map(({ status }) => status)).toEqual([200, 401, 200]);
  await expect.poll(() => warnings).toEqual([expect.stringContaining('no clientCapabilities: ["CP1"]')]);
});

test("A site renews a token whose refusal the browser does not let it read", async ({ site, stack }) => {
  stack.api.settings.cors = "no-challenge";
  stack.api.settings.revocation = "invalid-token";
  await site.fetch("api:/media/photo");
  await stack.api.revokeTokens();
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 401 });

  const isNew = await site.run(
    (url) => window.attached.then((attachment) => attachment.renewToken(url)),
    site.resolve("api:/media/photo"),
  );

  expect(isNew).toBe(true);
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });
  expect(stack.api.received.map(({ status }) => status)).toEqual([200, 401, 200]);
});

test("A tab whose renewed token gave way to another tab's old one has its own again after another call", async ({
  site,
  open,
  page,
  stack,
}) => {
  stack.api.settings.cors = "no-challenge";
  stack.api.settings.revocation = "invalid-token";
  const other = await open({}, await page.context().newPage());
  await other.signInSilently();
  const photo = "api:/media/photo";
  const renew = (): Promise<boolean> =>
    site.run((url) => window.attached.then((attachment) => attachment.renewToken(url)), site.resolve(photo));
  await site.fetch(photo);
  // The new worker has its token from the other tab.
  await site.stopWorker();
  await other.fetch(photo);
  await stack.api.revokeTokens();
  expect(await renew()).toBe(true);
  expect(await other.fetch(photo)).toMatchObject({ status: 401 });
  expect(await site.fetch(photo)).toMatchObject({ status: 401 });

  expect(await renew()).toBe(false);

  expect(await site.fetch(photo)).toMatchObject({ status: 200 });
  expect(stack.api.received.map(({ status }) => status)).toEqual([200, 200, 401, 401, 200]);
});

test("A hundred requests with a revoked token need one new token", async ({ site, stack }) => {
  await site.fetch("/api/orders");
  await stack.api.revokeTokens();
  const before = tokenRequests(stack).length;

  const statuses = await site.run(() =>
    Promise.all(
      Array.from({ length: 100 }, (_, i) => fetch(`/api/orders?${i}`).then(({ status }) => status)),
    ),
  );

  expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
  expect(tokenRequests(stack).length - before).toBe(1);
});

test("An API that always answers 401 sees two requests", async ({ open, stack }) => {
  stack.api.settings.always401["/api/orders"] = true;
  const site = await open();
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(received(stack, "/api/orders")).toHaveLength(2);
  await expect(site.dialog).toHaveCount(0);
});

test("A challenge that no new token would answer goes to the page, after one request", async ({
  site,
  stack,
}) => {
  // The token has the map's scopes, and another one would have no more.
  stack.site.override("/api/forbidden", {
    status: 401,
    headers: { "WWW-Authenticate": 'Bearer error="insufficient_scope"' },
  });

  expect(await site.fetch("/api/forbidden")).toMatchObject({ status: 401 });

  expect(stack.site.received.filter(({ path }) => path === "/api/forbidden")).toHaveLength(1);
});
