import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, received, replaceScript, SitePage, test, tokenRequests } from "./fixtures.ts";

const AUTH_TIME = JSON.stringify({ id_token: { auth_time: { essential: true } } });
const WISHES = {
  claims: AUTH_TIME,
  extraQueryParameters: { campaign: "spring" },
  prompt: "select_account",
};

/** Opens a page whose `authRequest` is written as source text, with two resources that need the same scope. */
async function openWith(
  page: Page,
  stack: Stack,
  authRequest: string,
  auth = "",
  more = "",
): Promise<SitePage> {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: {
        "/api/orders": ["api://orders/Data.Read"],
        "/api/orders/*": ["api://orders/Data.Read"],
      },
      authRequest: ${authRequest},
      ${more}
    }).then((attachment) => {
      attachment.addEventListener("tokenfailed", ({ detail }) => window.events.push({ type: "tokenfailed", ...detail }));
    })`,
    auth,
  );
  return await SitePage.open(page, stack);
}

/** What the provider was asked for after the sign-in. */
const asked = (stack: Stack) =>
  stack.provider.requests.slice(2).map(({ endpoint, grantType, prompt, claims = "{}", extra }) => ({
    endpoint,
    grantType,
    prompt,
    extra,
    essential: /"(\w+)":\{"essential":true\}/.exec(claims)?.[1],
  }));

test("authRequest goes with the refresh token, and the worker's memory makes it once for a token", async ({
  open,
  stack,
}) => {
  const site = await open({ attach: { authRequest: WISHES } });
  await site.signIn();

  for (let i = 0; i < 3; i++) expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(asked(stack)).toMatchObject([
    { endpoint: "token", grantType: "refresh_token", essential: "auth_time", extra: { campaign: "spring" } },
  ]);

  // The page gives it again while it lives; a new one has only MSAL's cache, which claims go past.
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(asked(stack)).toHaveLength(1);
  await site.page.reload();
  await site.attached();
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(asked(stack)).toMatchObject([{}, { endpoint: "token", essential: "auth_time" }]);
});

test("authRequest goes with the hidden iframe, which is never asked to prompt", async ({ open, stack }) => {
  const site = await open({ attach: { authRequest: WISHES } });
  await site.signIn();
  stack.provider.revokeRefreshTokens();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(asked(stack)).toContainEqual({
    endpoint: "authorize",
    grantType: undefined,
    prompt: "none",
    essential: "auth_time",
    extra: { campaign: "spring" },
  });
});

test("authRequest goes with the popup, prompt included", async ({ open, stack }) => {
  const site = await open({ attach: { authRequest: WISHES } });
  await site.signIn();
  site.endSession();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  await (await site.openPopup()).locator('[data-account="ada@contoso.example"]').click();
  expect(await waiting).toMatchObject({ status: 200 });

  expect(asked(stack)).toContainEqual({
    endpoint: "authorize",
    grantType: undefined,
    prompt: "select_account",
    essential: "auth_time",
    extra: { campaign: "spring" },
  });
});

test("authRequest goes with the redirect", async ({ open, stack }) => {
  const site = await open({ attach: { authRequest: WISHES, interaction: "redirect" } });
  await site.signIn();
  site.endSession();

  const waiting = site.fetch("/api/orders").catch(() => "the page has gone");
  await site.page.locator('[data-account="ada@contoso.example"]').click();
  await site.page.waitForURL((url) => url.origin === stack.site.origin && url.pathname === "/");
  await site.attached();
  await waiting;

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(asked(stack)).toContainEqual({
    endpoint: "authorize",
    grantType: undefined,
    prompt: "select_account",
    essential: "auth_time",
    extra: { campaign: "spring" },
  });
});

test("the claims of a challenge come on top of those that the app always asks for", async ({
  open,
  stack,
}) => {
  const own = { id_token: { auth_time: { essential: true } }, access_token: { xms_edov: null } };
  const site = await open({ attach: { authRequest: { claims: JSON.stringify(own) } } });
  await site.signIn();
  await site.fetch("/api/orders");
  await stack.api.revokeTokens();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  const claims = tokenRequests(stack, "refresh_token").map(
    (request) => JSON.parse(String(request.claims)) as object,
  );
  expect(claims.at(-1)).toMatchObject({
    id_token: own.id_token,
    access_token: { ...own.access_token, nbf: { essential: true } },
  });
});

test("a function has msal-angular's shape, and what it gives goes to the provider", async ({
  page,
  stack,
}) => {
  const site = await openWith(
    page,
    stack,
    `(msal, request, originalAuthRequest) => {
      window.asked = { isInstance: msal === window.msal, request, username: originalAuthRequest.account?.username };
      return { ...originalAuthRequest, extraQueryParameters: { method: request.method } };
    }`,
  );
  await site.signIn();

  expect(await site.fetch("/api/orders", { method: "DELETE" })).toMatchObject({ status: 405 });

  expect(await site.run("window.asked")).toEqual({
    isInstance: true,
    request: { url: `${stack.site.origin}/api/orders`, method: "DELETE" },
    username: "ada@contoso.example",
  });
  expect(tokenRequests(stack, "refresh_token")).toMatchObject([{ extra: { method: "DELETE" } }]);
});

test("a function that gives nothing asks for nothing more", async ({ page, stack }) => {
  const site = await openWith(page, stack, "() => undefined");
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test("each resource has the token of its own authority, whatever they share", async ({ page, stack }) => {
  const { anyTenant, guestAuthority } = stack.provider.otherAuthorities;
  const site = await openWith(
    page,
    stack,
    `(msal, { url }) => (url.includes("/report") ? { authority: ${JSON.stringify(guestAuthority)} } : {})`,
    `...${JSON.stringify(anyTenant)}`,
  );
  await site.signIn();

  const urls = ["/api/orders", "/api/orders/report.csv"];
  // The first ones at the same time; then from the worker's memory; then from MSAL's cache.
  await site.run(`Promise.all(${JSON.stringify(urls)}.map((url) => fetch(url)))`);
  const before = stack.provider.requests.length;
  for (const url of urls) expect(await site.fetch(url)).toMatchObject({ status: 200 });
  await site.stopWorker();
  for (const url of urls) expect(await site.fetch(url)).toMatchObject({ status: 200 });

  const guestTenant = new URL(guestAuthority).pathname.slice(1);
  for (const [i, tenantId] of [stack.provider.tenantId, guestTenant].entries()) {
    const tenants = stack.api.received
      .filter(({ path }) => path === urls[i])
      .map(({ token }) => token?.tenantId);
    expect(tenants).toEqual([tenantId, tenantId, tenantId]);
  }
  expect(stack.provider.requests.length).toBe(before);
  expect(new Set(tokenRequests(stack, "refresh_token").map(({ path }) => path.split("/")[1]))).toEqual(
    new Set([stack.provider.tenantId, guestTenant]),
  );
});

test("an authority for all requests is that of the popup, too", async ({ page, stack }) => {
  const { anyTenant, guestAuthority } = stack.provider.otherAuthorities;
  const site = await openWith(
    page,
    stack,
    `{ authority: ${JSON.stringify(guestAuthority)} }`,
    `...${JSON.stringify(anyTenant)}`,
  );
  await site.signIn();
  site.endSession();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  await (await site.openPopup()).locator('[data-account="ada@contoso.example"]').click();
  expect(await waiting).toMatchObject({ status: 200 });

  const guestTenant = new URL(guestAuthority).pathname.slice(1);
  expect(stack.api.received.map(({ token }) => token?.tenantId)).toEqual([guestTenant]);
  expect(stack.provider.requests).toContainEqual(
    expect.objectContaining({
      endpoint: "authorize",
      outcome: "ok",
      path: `/${guestTenant}/oauth2/v2.0/authorize`,
    }),
  );
});

const mistakes: [says: string, authRequest: string, code: string][] = [
  ["throws", `() => { throw new Error("a mistake in the app") }`, "invalid_options"],
  ["gives a text", `() => "claims"`, "invalid_options"],
  ["gives a list", `() => []`, "invalid_options"],
  ["gives a promise", `async () => ({})`, "invalid_options"],
  [
    "gives a stranger's authority",
    `() => ({ authority: "https://login.example.net/common" })`,
    "invalid_options",
  ],
  ["wants a proof of possession", `() => ({ authenticationScheme: "pop" })`, "unsupported_token_type"],
  [
    "wants DPoP",
    `() => ({ authenticationScheme: "DPoP", resourceRequestMethod: "GET", resourceRequestUri: "/" })`,
    "unsupported_token_type",
  ],
  [
    "wants an SSH certificate",
    `() => ({ authenticationScheme: "ssh-cert", sshJwk: "{}", sshKid: "1" })`,
    "unsupported_token_type",
  ],
];
for (const [says, authRequest, code] of mistakes) {
  test(`where authRequest ${says}, the request fails, an event says ${code}, and nobody is bothered`, async ({
    page,
    stack,
  }) => {
    const site = await openWith(page, stack, authRequest);
    await site.signIn();

    expect(await site.fetch("/api/orders")).toMatchObject({ status: 0 });

    expect(await site.events("tokenfailed")).toMatchObject([{ code, outcome: "unavailable" }]);
    expect(asked(stack)).toEqual([]);
    expect(received(stack, "/api/orders")).toEqual([]);
    await expect(site.dialog).toHaveCount(0);
  });
}

test("claims that are no JSON end in an event with MSAL's reason", async ({ open, stack }) => {
  const site = await open({ attach: { authRequest: { claims: "auth_time" } } });
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 0 });

  expect(await site.events("tokenfailed")).toMatchObject([
    { code: "silent_failed", reason: "invalid_claims" },
  ]);
  expect(received(stack, "/api/orders")).toEqual([]);
});

for (const scheme of ["pop", "DPoP", "ssh-cert"]) {
  test(`attachTokens refuses an authRequest for ${scheme} tokens, and registers nothing`, async ({
    page,
    stack,
  }) => {
    replaceScript(stack, "Promise.resolve()");
    const site = await SitePage.open(page, stack);

    const failure = await site.run<string>(
      `bearerWorker.attachTokens(window.msal, {
        protectedResourceMap: { "/api/*": ["s"] },
        authRequest: { authenticationScheme: "${scheme}" },
      }).catch(({ code, message }) => code + ": " + message)`,
    );

    expect(failure).toMatch(/^invalid_options: Only bearer tokens: see authRequest/);
    expect(await site.registrations()).toBe(0);
  });
}

test("the bearer scheme may be named", async ({ open, stack }) => {
  const site = await open({ attach: { authRequest: { authenticationScheme: "Bearer" } } });
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ user: "ada@contoso.example" }]);
});
