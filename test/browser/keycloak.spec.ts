import { fileURLToPath } from "node:url";
import type { Page, Route } from "@playwright/test";
import { build } from "esbuild";
import type Keycloak from "keycloak-js";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, received, SitePage, test, tokenRequests } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const BY_ADA = { authorization: "bearer", user: ADA, audience: "api://orders" };

declare global {
  interface Window {
    keycloak: Keycloak;
    heard: string[];
  }
}

const SITE = `
import { attachTokens } from "bearer-worker";
import { keycloakTokenSource } from "bearer-worker/keycloak-js";
import Keycloak from "keycloak-js";

window.heard = [];
window.keycloak = new Keycloak({ clientId: demoConfig.msalAuth.clientId, oidcProvider: demoConfig.issuer });
window.attached = (async () => {
  await keycloak.init({ scope: "openid offline_access api://orders/Data.Read", checkLoginIframe: false });
  const attachment = await attachTokens(keycloakTokenSource(keycloak), {
    protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
    interaction: "redirect",
  });
  keycloak.onAuthLogout = () => heard.push("logout");
  attachment.addEventListener("tokenfailed", ({ detail }) => heard.push(detail.code));
  return attachment;
})();
`;

/** Keycloak's refresh tokens are JWTs, which its adapter reads. The local provider's refresh tokens become JWTs on their way. */
async function tradeRefreshTokens(page: Page, { provider, site }: Stack): Promise<void> {
  const isToken = (url: URL): boolean => url.origin === provider.origin && url.pathname.endsWith("/token");
  await page.route(isToken, async (route: Route) => {
    if (route.request().method() !== "POST") return await route.continue();
    const form = new URLSearchParams(route.request().postData() ?? "");
    const [, payload] = form.get("refresh_token")?.split(".") ?? [];
    if (payload !== undefined) {
      const { jti } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { jti: string };
      form.set("refresh_token", jti);
    }
    const response = await route.fetch({ postData: form.toString() });
    const answer = (await response.json()) as Record<string, unknown>;
    const claims = Buffer.from(JSON.stringify({ typ: "Offline", jti: answer["refresh_token"] }));
    const refresh = answer["refresh_token"] ? { refresh_token: `e30.${claims.toString("base64url")}.` } : {};
    // Keycloak also allows cookies, which its adapter sends along.
    const cors = {
      "access-control-allow-origin": site.origin,
      "access-control-allow-credentials": "true",
    };
    const headers = { ...response.headers(), ...cors };
    await route.fulfill({ response, headers, json: { ...answer, ...refresh } });
  });
}

/** Opens a site with Keycloak's adapter, and signs Ada in there. */
async function openSignedIn(page: Page, stack: Stack): Promise<SitePage> {
  const { outputFiles } = await build({
    stdin: { contents: SITE, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "silent",
  });
  stack.site.override("/keycloak.js", { body: outputFiles[0]?.text ?? "" });
  stack.site.override("/app.html", {
    body: `<!doctype html><title>Orders</title><script src="/demo-config.js"></script><script src="/keycloak.js"></script>`,
  });
  await tradeRefreshTokens(page, stack);
  const site = await SitePage.of(page, stack);
  await page.goto(`${stack.site.origin}/app.html`);
  await site.attached();
  expect((await site.fetch("/api/orders")).status).toBe(401);

  await site.run(() => void window.attached.then((attachment) => attachment.signIn().catch(() => undefined)));
  await page.locator(`[data-account="${ADA}"]`).click();
  await page.waitForURL(/app\.html/);
  await site.attached();
  return site;
}

test("a site with Keycloak's adapter signs in by redirect, renews its token when the API refuses it, and forgets it at a sign-out", async ({
  page,
  stack,
}) => {
  const site = await openSignedIn(page, stack);
  stack.api.reset();
  stack.api.settings.always401 = { "/api/orders": 1 };
  expect((await site.fetch("/api/orders")).status).toBe(200);

  // The API does not read the token that it refuses.
  expect(received(stack, "/api/orders")).toEqual([{ ...BY_ADA, user: null, audience: null }, BY_ADA]);
  expect(tokenRequests(stack).map(({ grantType }) => grantType)).toEqual([
    "authorization_code",
    "refresh_token",
  ]);

  stack.api.reset();
  await site.run(() => window.keycloak.clearToken());
  expect((await site.fetch("/api/orders")).status).toBe(401);
  expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual(["none"]);
  expect(await site.global("heard")).toEqual(["logout"]);
});

test("a user whose Keycloak session has ended is sent to sign in: within a click, if the page has just come back", async ({
  page,
  stack,
}) => {
  const site = await openSignedIn(page, stack);
  stack.api.reset();
  stack.api.settings.always401 = { "/api/orders": 2 };
  site.endSession();

  expect((await site.fetch("/api/orders")).status).toBe(401);
  await expect.poll(() => site.global("heard")).toEqual(["logout", "interaction_failed"]);
  await page.mouse.click(9, 9);
  await site.run(() => void fetch("/api/orders").catch(() => undefined));
  await page.locator(`[data-account="${ADA}"]`).click();
  await page.waitForURL(/app\.html/);
  await site.attached();
  expect((await site.fetch("/api/orders")).status).toBe(200);
});
