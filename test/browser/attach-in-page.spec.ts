import { authorizations, expect, type SitePage, test } from "./fixtures.ts";

test.beforeEach(async ({ page }) => {
  // Browsers that have switched service workers off lack the property.
  await page.addInitScript(() => {
    delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker;
  });
});

const IN_PAGE = { attach: { fallback: "fetch" } };

/** Fetches by the page's own `fetch`. Resolves to type and status of the response. */
const fetched = (site: SitePage, url: string, init: RequestInit): Promise<[string, number] | "error"> =>
  site.run(
    (request) =>
      fetch(request.url, request.init).then(
        ({ type, status }): [string, number] => [type, status],
        () => "error" as const,
      ),
    { url: site.resolve(url), init },
  );

test("a no-cors call of the page's fetch to an API without CORS goes out bare, and its response is opaque", async ({
  open,
  stack,
}) => {
  stack.api.settings.cors = "none";
  const site = await open(IN_PAGE);
  await site.signIn();

  for (let i = 0; i < 2; i++)
    expect(await fetched(site, `api:/media/photo?${i}`, { mode: "no-cors" })).toEqual(["opaque", 0]);

  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["none", "none"]);
});

test("a call of the page's fetch keeps its referrer and referrer policy", async ({ open, stack }) => {
  const site = await open(IN_PAGE);
  await site.signIn();
  const page = site.page.url().replace(/#.*/, "");

  await fetched(site, "api:/media/photo?1", { referrerPolicy: "unsafe-url" });
  await fetched(site, "api:/media/photo?2", { referrerPolicy: "no-referrer" });

  expect(stack.api.received.map(({ authorization, headers }) => [authorization, headers["referer"]])).toEqual(
    [
      ["bearer", page],
      ["bearer", undefined],
    ],
  );
});

test("a body above 1 MiB is not sent again by the page's fetch after a challenge", async ({
  open,
  stack,
}) => {
  const site = await open(IN_PAGE);
  await site.signIn();
  await site.fetch("/api/orders", { method: "POST", body: "first" });
  await stack.api.revokeTokens();

  expect(await fetched(site, "/api/orders", { method: "POST", body: "x".repeat(1_048_577) })).toEqual([
    "basic",
    401,
  ]);
  expect(await site.fetch("/api/orders", { method: "POST", body: "small" })).toMatchObject({ status: 201 });

  expect(stack.api.received.map(({ status, body }) => [status, body?.bytes])).toEqual([
    [201, 5],
    [401, 1_048_577],
    [201, 5],
  ]);
});

test("calls at once that sign a visitor in have the token for their own scopes", async ({ open, stack }) => {
  const options = { attach: { fallback: "fetch", whenSignedOut: "sso" } };
  const site = await open(options);
  await site.signIn();
  await site.run(() => sessionStorage.clear());
  await site.page.goto(site.url(options));
  await site.attached();
  stack.api.reset();
  expect(await site.run(() => window.msal.getAllAccounts().length)).toBe(0);

  const statuses = await site.run(async () => {
    const calls = [fetch("/api/orders"), fetch("/api/orders", { method: "POST", body: "1" })];
    return (await Promise.all(calls)).map(({ status }) => status);
  });

  expect(statuses).toEqual([200, 201]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});
