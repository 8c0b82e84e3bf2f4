import {
  expect,
  received,
  replaceScript,
  requestByImage,
  SitePage,
  test,
  tokenRequests,
} from "./fixtures.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";
const READ = "api://orders/Data.Read";
const WRITE = "api://orders/Data.Write";

/** The attachment's list of this page's tokens. */
const tokens = (site: SitePage) => site.run(async () => [...(await window.attached).tokens]);

test("An attachment lists its tokens with their scopes, resource and expiry until the account changes", async ({
  site,
  stack,
}) => {
  expect(await tokens(site)).toEqual([]);
  stack.provider.settings.accessTokenSeconds = 600;
  const earliest = Date.now();
  await site.fetch("/api/orders");
  await site.fetch("/api/orders", { method: "POST", body: "1" });

  const listed = await tokens(site);
  expect(listed).toMatchObject([
    [READ, { resource: `${stack.site.origin}/api/*` }],
    [WRITE, { resource: `${stack.site.origin}/api/*` }],
  ]);
  const expiresOn = listed[0]?.[1].expiresOn;
  // MSAL counts in seconds.
  expect(expiresOn).toBeGreaterThan(earliest + 590_000);
  expect(expiresOn).toBeLessThan(Date.now() + 601_000);
  expect(await site.events("tokenacquired")).toMatchObject([{ expiresOn }, {}]);

  stack.provider.revokeSessions();
  await site.signIn(ALAN);
  expect(await tokens(site)).toEqual([]);
});

test("The request after forgetTokens has the token that the app has renewed meanwhile", async ({
  site,
  page,
  stack,
}) => {
  await site.fetch("/api/orders");
  const renew = () =>
    page.evaluate(
      (scope) =>
        window.msal.acquireTokenSilent({ scopes: [scope], forceRefresh: true }).then(() => undefined),
      READ,
    );
  const ids = () => stack.api.received.map(({ token }) => token?.issuedAt);

  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(ids()[0] ?? Infinity);
  await renew();
  await site.fetch("/api/orders");
  // Both in one task: the request must not overtake the message.
  await site.run(async () => {
    (await window.attached).forgetTokens();
    return (await fetch("/api/orders")).status;
  });

  const [first, second, third] = ids();
  expect(second).toBe(first);
  expect(third).toBeGreaterThan(first ?? Infinity);
  expect(tokenRequests(stack, "refresh_token")).toHaveLength(2);
});

test("A second detach of an attachment leaves the worker to the one that has come since", async ({
  site,
  stack,
}) => {
  const isRegistered = await site.run(async () => {
    const old = await window.attached;
    await old.detach();
    window.attached = bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
    });
    await window.attached;
    await old.detach();
    return (await navigator.serviceWorker.getRegistration()) !== undefined;
  });

  expect(isRegistered).toBe(true);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  // The worker is asked by an image, which the page itself cannot give a token.
  await requestByImage(site);
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, ADA]);
});

test("The attachment's signIn asks by the site's own function, for the map's first protected resource", async ({
  page,
  stack,
}) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/health": null, "/api/*": ["${READ}"] },
      interaction: ({ scopes, resource, popup }) => (window.asked = { scopes, resource }, popup()),
    })`,
  );
  const site = await SitePage.open(page, stack);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  const popup = page.waitForEvent("popup");
  const signedIn = page.evaluate(async () => (await window.attached).signIn());
  await (await popup).locator(`[data-account="${ADA}"]`).click();
  await signedIn;

  expect(await site.global("asked")).toEqual({
    scopes: [READ],
    resource: `${stack.site.origin}/api/*`,
  });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, ADA]);
});

test("The attachment's signIn rejects with the reason, and asks anew the next time", async ({
  site,
  page,
}) => {
  const signIn = () =>
    site.run(async () => {
      const { signIn } = await window.attached;
      return await signIn().then(
        () => "signed in",
        ({ code }: { code: string }) => code,
      );
    });
  for (const _ of [1, 2]) {
    await site.useUpClick();
    const result = signIn();
    await (await site.dialogShown()).getByRole("button", { name: "Not now" }).click();
    expect(await result).toBe("interaction_declined");
  }
  expect(page.context().pages()).toHaveLength(1);
});
