import type { Page } from "@playwright/test";
import { QUIET_CHROMIUM } from "../../dev/chromium-flags.mjs";
import { type Stack, startStack } from "../../dev/start-stack.ts";
import { expect, SitePage, test as base, tokenRequests } from "./fixtures.ts";
import { bundlePage } from "./msal-versions.ts";
import { requestAllKinds } from "./proof-sites.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

/** MSAL makes proofs for https alone. */
const test = base.extend<object, { sharedStack: Stack }>({
  sharedStack: [
    async ({}, use) => {
      const stack = await startStack({ port: 0, roots: ["test/browser/site", "dist"], isHttps: true });
      await use(stack);
      await stack.close();
    },
    { scope: "worker" },
  ],
});
// The certificate has signed itself. Chromium registers no worker from such a server unless it ignores the error.
test.use({
  ignoreHTTPSErrors: true,
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...QUIET_CHROMIUM, "--ignore-certificate-errors"] });
  },
});

const mapFor = ({ api }: Stack) => ({
  "/api/*": [{ scopes: ["api://orders/Data.Read"] }],
  [`${api.origin}/media/*`]: [{ scopes: ["api://media/Media.Read"], tokenType: "DPoP" }],
});
const openSite = (page: Page, stack: Stack, attach: object = {}): Promise<SitePage> =>
  SitePage.open(page, stack, { attach: { protectedResourceMap: mapFor(stack), ...attach } });
/** The requests that the API received, each with its scheme, its user and whether its proof was accepted. */
const seen = ({ api }: Stack): unknown[] =>
  api.received.map(({ authorization, token, proof }) => [
    authorization,
    token?.username ?? null,
    proof !== null,
  ]);

test("MSAL signs for every kind of request, for each account by its own key, and bearer tokens stay as they are", async ({
  page,
  stack,
}) => {
  const site = await openSite(page, stack);
  await site.recordRequests();
  await site.signIn();
  stack.api.reset();
  await site.run(requestAllKinds, stack.api.origin);
  expect(new Set(seen(stack).map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify(["dpop", ADA, true])]),
  );
  expect(stack.api.received.find(({ path }) => path === "/media/clip")?.headers.range).toBe("bytes=0-");
  // One token, though MSAL would have asked for one for each request.
  const tokens = () => tokenRequests(stack, "refresh_token").filter(({ scope }) => scope?.includes("media"));
  expect(tokens()).toHaveLength(1);

  // The worker has just started, the page has just loaded, and the token comes from MSAL's cache.
  stack.api.reset();
  await site.stopWorker();
  await page.reload();
  await site.attached();
  const statuses = await site.run(
    (url) => Promise.all(Array.from({ length: 20 }, () => fetch(url).then(({ status }) => status))),
    `${stack.api.origin}/media/echo`,
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(new Set(stack.api.received.map(({ proof }) => proof?.jti)).size).toBe(20);
  expect(tokens()).toHaveLength(1);

  // The API refuses the token. The replay has a new one, and MSAL a new key.
  stack.api.reset();
  await stack.api.revokeTokens();
  stack.api.settings.revocation = "invalid-token";
  expect((await site.fetch("api:/media/echo", { method: "POST", body: "1 abacus" })).status).toBe(200);
  expect(stack.api.received.map(({ status }) => status)).toEqual([401, 200]);

  stack.api.reset();
  stack.provider.revokeSessions();
  await site.signIn(ALAN);
  expect((await site.fetch("api:/media/echo")).status).toBe(200);
  await site.setActive(ADA);
  expect((await site.fetch("api:/media/echo")).status).toBe(200);
  expect((await site.fetch("/api/orders")).status).toBe(200);
  expect(seen(stack)).toEqual([
    ["dpop", ALAN, true],
    ["dpop", ADA, true],
    ["bearer", ADA, false],
  ]);
  expect(await site.events("tokenfailed")).toEqual([]);
  expect(JSON.stringify(await site.run(() => window.events))).not.toMatch(/eyJ[\w-]{10,}/);
});

test("authRequest asks for DPoP for the whole map, MSAL's proofs have no nonce, and an older MSAL says what is missing", async ({
  page,
  stack,
}) => {
  const authRequest = { authenticationScheme: "DPoP" };
  const site = await openSite(page, stack, { authRequest });
  await site.signIn();
  stack.api.reset();
  expect((await site.fetch("/api/orders")).status).toBe(200);
  expect(seen(stack)).toEqual([["dpop", ADA, true]]);

  // MSAL 5.29 puts a nonce into its requests to a platform broker alone.
  stack.api.reset();
  stack.api.settings.dpopNonces = "same";
  expect((await site.fetch("/api/orders")).status).toBe(401);
  expect(stack.api.received.map(({ refusal }) => refusal)).toEqual(
    Array.from({ length: 2 }, () => "another nonce is needed"),
  );
  expect(await site.events("tokenfailed")).toMatchObject([{ code: "dpop_nonce_missing", outcome: "bare" }]);

  stack.api.reset();
  stack.site.override("/bearer-page.js", { body: await bundlePage("msal-browser-oldest") });
  const older = await openSite(page, stack, { authRequest });
  await older.signIn();
  expect((await older.fetch("/api/orders")).status).toBe(0);
  expect(stack.api.received).toEqual([]);
  expect(await older.events("tokenfailed")).toMatchObject([
    { code: "unsupported_token_type", outcome: "unavailable" },
  ]);
});
