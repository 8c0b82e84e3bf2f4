import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, received, replaceScript, SitePage, test, tokenRequests } from "./fixtures.ts";
import { holdNextAnswer, isForTokens } from "./held-requests.ts";

const AUTH_TIME = JSON.stringify({ id_token: { auth_time: { essential: true } } });
const WISHES = {
  claims: AUTH_TIME,
  extraQueryParameters: { campaign: "spring" },
  prompt: "select_account",
};

/** Opens a page with an `authRequest` written as source text, and with two resources that need the same scope. */
async function openWith(page: Page, stack: Stack, authRequest: string, auth = ""): Promise<SitePage> {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: {
        "/api/orders": ["api://orders/Data.Read"],
        "/api/orders/*": ["api://orders/Data.Read"],
      },
      authRequest: ${authRequest},
    }).then((attachment) => {
      attachment.addEventListener("tokenfailed", ({ detail }) => window.events.push({ type: "tokenfailed", ...detail }));
      return attachment;
    })`,
    auth,
  );
  return await SitePage.open(page, stack);
}

const afterSignIn = ({ provider: { requests } }: Stack) =>
  requests.slice(requests.findIndex(({ grantType }) => grantType === "authorization_code") + 1);

/** The requests that the provider received after the sign-in, by the fields that these tests look at. */
const asked = (stack: Stack) =>
  afterSignIn(stack).map(({ endpoint, grantType, prompt, claims = "{}", extra }) => ({
    endpoint,
    grantType,
    prompt,
    extra,
    essential: /"(\w+)":\{"essential":true\}/.exec(claims)?.[1],
  }));

test("The fields of authRequest go with the refresh token, once for each token", async ({ open, stack }) => {
  const site = await open({ attach: { authRequest: WISHES } });
  await site.signIn();

  for (let i = 0; i < 3; i++) expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(asked(stack)).toMatchObject([
    { endpoint: "token", grantType: "refresh_token", essential: "auth_time", extra: { campaign: "spring" } },
  ]);

  // A living page gives the token again. A new page has MSAL's cache alone, which a request with claims bypasses.
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(asked(stack)).toHaveLength(1);
  await site.page.reload();
  await site.attached();
  await site.stopWorker();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(asked(stack)).toMatchObject([{}, { endpoint: "token", essential: "auth_time" }]);
});

test("The fields of authRequest go with the hidden iframe, apart from its prompt", async ({
  open,
  stack,
}) => {
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

test("The fields of authRequest go with the popup, its prompt included", async ({ open, stack }) => {
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

test("The fields of authRequest go with the redirect", async ({ open, stack }) => {
  const site = await open({ attach: { authRequest: WISHES, interaction: "redirect" } });
  await site.signIn();
  site.endSession();

  const waiting = site.fetch("/api/orders").catch(() => "the page was left");
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

test("The claims of a challenge are added to the claims of authRequest", async ({ open, stack }) => {
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

test("The authRequest function has msal-angular's arguments, and its result goes to the provider", async ({
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

  expect(await site.global("asked")).toEqual({
    isInstance: true,
    request: { url: `${stack.site.origin}/api/orders`, method: "DELETE" },
    username: "ada@contoso.example",
  });
  expect(tokenRequests(stack, "refresh_token")).toMatchObject([{ extra: { method: "DELETE" } }]);
});

test("Each resource has a token of its own authority, although both need the same scope", async ({
  page,
  stack,
}) => {
  const { anyTenant, guestAuthority } = stack.provider.otherAuthorities;
  const site = await openWith(
    page,
    stack,
    `(msal, { url }) => (url.includes("/report") ? { authority: ${JSON.stringify(guestAuthority)} } : {})`,
    `...${JSON.stringify(anyTenant)}`,
  );
  await site.signIn();

  const urls = ["/api/orders", "/api/orders/report.csv"];
  // The first two at once, the next two from the worker's memory, the last two from the page.
  await site.run((both) => Promise.all(both.map((url) => fetch(url).then(({ status }) => status))), urls);
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

test("The popup goes to the authority that authRequest names", async ({ page, stack }) => {
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

const mistakes: [says: string, authRequest: string, code: string, reason: string | null][] = [
  ["throws", `() => { throw new Error("a mistake in the app") }`, "invalid_options", null],
  ["gives a text", `() => "claims"`, "invalid_options", null],
  ["gives a list", `() => []`, "invalid_options", null],
  ["gives a promise", `async () => ({})`, "invalid_options", null],
  [
    "gives a stranger's authority",
    `() => ({ authority: "https://login.example.net/common" })`,
    "invalid_options",
    null,
  ],
  ["wants a proof of possession", `() => ({ authenticationScheme: "pop" })`, "unsupported_token_type", null],
  [
    "wants DPoP",
    `() => ({ authenticationScheme: "DPoP", resourceRequestMethod: "GET", resourceRequestUri: "/" })`,
    "unsupported_token_type",
    null,
  ],
  [
    "wants an SSH certificate",
    `() => ({ authenticationScheme: "ssh-cert", sshJwk: "{}", sshKid: "1" })`,
    "unsupported_token_type",
    null,
  ],
  ["gives claims that are no JSON", `() => ({ claims: "auth_time" })`, "silent_failed", "invalid_claims"],
];

test("A mistake in an authRequest function fails the request with an event, and reaches neither provider nor user", async ({
  page,
  stack,
}) => {
  const functions = mistakes.map(([says, source]) => `${JSON.stringify(says)}: ${source}`);
  const site = await openWith(
    page,
    stack,
    `(...given) => ({ ${functions.join()}, "gives nothing": () => undefined })[sessionStorage.getItem("wish")](...given)`,
  );
  await site.signIn();
  /** A new page starts without the pauses that follow a failure. */
  const wish = async (says: string): Promise<void> => {
    await site.run((name) => sessionStorage.setItem("wish", name), says);
    await page.reload();
    await site.attached();
  };

  for (const [says, , code, reason] of mistakes) {
    await wish(says);
    expect(await site.fetch("/api/orders"), says).toMatchObject({ status: 0 });
    const expected = { code, outcome: "unavailable", ...(reason && { reason }) };
    expect(await site.events("tokenfailed"), says).toMatchObject([expected]);
  }
  expect(asked(stack)).toEqual([]);
  expect(received(stack, "/api/orders")).toEqual([]);
  await expect(site.dialog).toHaveCount(0);

  // A function that gives nothing adds nothing.
  await wish("gives nothing");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test("An authRequest may name the schemes that can be attached, and no other", async ({ page, stack }) => {
  replaceScript(stack, "Promise.resolve()");
  const site = await SitePage.open(page, stack);
  const attach = (authenticationScheme: string): Promise<string> =>
    site.run(
      (scheme) =>
        bearerWorker
          .attachTokens(window.msal, {
            protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
            authRequest: { authenticationScheme: scheme as "Bearer" },
          })
          .then(
            () => "attached",
            ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
          ),
      authenticationScheme,
    );

  for (const scheme of ["pop", "ssh-cert"]) {
    expect(await attach(scheme), scheme).toMatch(/^invalid_options: (?=.*authRequest).*bearer/i);
    expect(await site.registrations()).toBe(0);
  }
  expect(await attach("Bearer")).toBe("attached");
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ user: "ada@contoso.example" }]);
});

test("A refused token is not replaced by one that was issued before the refusal, when MSAL joins two requests", async ({
  page,
  stack,
}) => {
  // MSAL takes tokens that live for less than five minutes from the provider, and never from its cache.
  stack.provider.settings.accessTokenSeconds = 120;
  stack.api.settings.revocation = "invalid-token";
  // With a function there is a token for each resource. The scope is the same, and so are the requests to MSAL.
  const site = await openWith(page, stack, "() => ({})");
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  const held = await holdNextAnswer(page, isForTokens(stack));
  const renewed = site.run(() =>
    window.attached.then((attachment) => attachment.renewToken("/api/orders/report.csv")),
  );
  await held.answered;
  await stack.api.revokeTokens();

  await site.run(() =>
    window.attached.then((attachment) => {
      attachment.addEventListener("tokenrequested", () => window.events.push({ type: "tokenrequested" }));
    }),
  );
  const refused = site.fetch("/api/orders");
  await expect.poll(() => site.events("tokenrequested")).toHaveLength(1);
  held.release();

  expect(await refused).toMatchObject({ status: 200 });
  const statuses = stack.api.received
    .filter(({ path }) => path === "/api/orders")
    .map(({ status }) => status);
  expect(statuses).toEqual([200, 401, 200]);
  await renewed;
});
