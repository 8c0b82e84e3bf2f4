import type { MsalAuth } from "../../dev/identity-provider/tenant.ts";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, received, type SitePage, test } from "./fixtures.ts";

const ADA = "ada@contoso.example";

interface Configured {
  readonly name: string;
  /** Configuration of MSAL, beyond the tests' own. */
  readonly msal?: object;
  /** Gives the provider's other kind of authority. */
  readonly auth?: (stack: Stack) => MsalAuth;
  /** Headers of the app's page. */
  readonly headers?: Record<string, string>;
  /** Matches the path of every request to the provider. */
  readonly path?: RegExp;
  /** Stands in every claims request. */
  readonly claims?: RegExp;
  readonly homeAccountId?: RegExp;
}

const configurations: Configured[] = [
  {
    name: 'Microsoft Entra ID, sessionStorage and clientCapabilities ["CP1"]',
    msal: { auth: { clientCapabilities: ["CP1"] } },
    claims: /"xms_cc":\{"values":\["CP1"\]\}/,
    homeAccountId: /^5f0c1a8e-[\w-]+\.0b6f4c3e-[\w-]+$/,
  },
  { name: "ProtocolMode.OIDC", msal: { system: { protocolMode: "OIDC" } } },
  {
    name: "ProtocolMode.OIDC and responses in the query",
    msal: {
      system: { protocolMode: "OIDC" },
      auth: { OIDCOptions: { responseMode: "query", defaultScopes: ["openid"] } },
    },
  },
  {
    name: "localStorage and Cross-Origin-Opener-Policy: same-origin",
    msal: { cache: { cacheLocation: "localStorage" } },
    headers: { "Cross-Origin-Opener-Policy": "same-origin" },
  },
  {
    name: "Azure AD B2C",
    auth: (stack) => stack.provider.otherAuthorities.b2c,
    path: /^\/contoso\.onmicrosoft\.com\/b2c_1_sign_in\/oauth2\/v2\.0\/(?:authorize|token)$/,
    homeAccountId: /^5f0c1a8e-[\w-]+-b2c_1_sign_in\.0b6f4c3e-[\w-]+$/,
  },
  {
    name: "Azure AD B2C at a custom domain",
    auth: (stack) => stack.provider.otherAuthorities.b2cCustomDomain,
    path: /^\/contoso\.onmicrosoft\.com\/b2c_1_sign_in\/oauth2\/v2\.0\/(?:authorize|token)$/,
  },
  {
    name: "External ID",
    auth: (stack) => stack.provider.otherAuthorities.externalId,
    path: /^\/contoso\.onmicrosoft\.com\/oauth2\/v2\.0\/(?:authorize|token)$/,
  },
];

/** The requests that the provider receives during an action, and how each ends. */
async function askedDuring(stack: Stack, action: () => Promise<unknown>): Promise<string[]> {
  const before = stack.provider.requests.length;
  await action();
  return stack.provider.requests
    .slice(before)
    .map(({ endpoint, grantType, prompt, outcome }) => [endpoint, grantType ?? prompt, outcome].join(" "));
}

const ok = async (site: SitePage, url: string, init: RequestInit = {}): Promise<void> => {
  const { status } = await site.fetch(url, init);
  expect(status).toBe(init.method === "POST" ? 201 : 200);
};

for (const { name, msal = {}, auth, headers, path, claims, homeAccountId } of configurations) {
  test(`tokens come from refresh token, cache, iframe and popup until the user signs out, with ${name}`, async ({
    open,
    stack,
  }) => {
    if (headers) stack.site.override("/", { headers });
    const site = await open({ msal: { ...msal, ...(auth && { auth: auth(stack) }) } });
    await site.signInByPopup(ADA);
    if (homeAccountId) {
      expect(await site.run(() => window.msal.getActiveAccount()?.homeAccountId)).toMatch(homeAccountId);
    }

    expect(await askedDuring(stack, () => ok(site, "/api/orders"))).toEqual(["token refresh_token ok"]);
    expect(await askedDuring(stack, () => ok(site, "/api/orders"))).toEqual([]);

    await site.stopWorker();
    expect(await askedDuring(stack, () => ok(site, "/api/orders"))).toEqual([]);

    stack.provider.revokeRefreshTokens();
    expect(await askedDuring(stack, () => ok(site, "api:/media/photo"))).toEqual([
      expect.stringMatching(/^token refresh_token /),
      "authorize none ok",
      "token authorization_code ok",
    ]);

    site.endSession();
    await site.useUpClick();
    const write = askedDuring(stack, () => ok(site, "/api/orders", { method: "POST", body: "{}" }));
    await site.dialogShown();
    const opened = site.page.context().waitForEvent("page");
    await site.dialog.getByRole("button", { name: "Sign in" }).click();
    const popup = await opened;
    const account = popup.locator(`[data-account="${ADA}"]`);
    await account.waitFor();
    // The policy changes one fact alone: neither window can reach the other.
    expect(await popup.evaluate(() => window.opener === null)).toBe(headers !== undefined);
    await account.click();
    expect((await write).slice(-2)).toEqual([
      expect.stringMatching(/^authorize .*ok$/),
      "token authorization_code ok",
    ]);

    for (const request of stack.provider.requests) {
      if (path) expect(request.path).toMatch(path);
      if (claims) expect(request.claims).toMatch(claims);
    }

    await site.page.evaluate(() => window.msal.logoutPopup());
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
    expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, ADA, ADA, ADA, null]);
    expect(received(stack, "/media/photo").map(({ user }) => user)).toEqual([ADA]);
  });
}
