import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { bundlePage, msalVersion } from "./msal-versions.ts";

const ADA = "ada@contoso.example";
const pick = (popup: Page) => popup.locator(`[data-account="${ADA}"]`).click();

/** The script of a site whose redirect URI is its start page, which makes a request once it is attached. */
const site = (attach: string, auth: string): string => `
  window.msal = new bearerWorker.PublicClientApplication({
    auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/", ${auth} },
  });
  window.attached = bearerWorker.attachTokens(window.msal, {
    protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
    ${attach}
  });
  window.started = window.attached.then(() => fetch("/api/orders?start")).then(({ status }) => status, () => 0);`;

for (const folder of ["msal-browser-4", "@azure/msal-browser"]) {
  for (const auth of [`postLogoutRedirectUri: location.origin + "/"`, ""]) {
    test(`a site with MSAL ${msalVersion(folder)} keeps the redirect URI "/", ${auth ? "also" : "but not"} for sign-outs`, async ({
      open,
      page,
      stack,
    }) => {
      stack.site.override("/bearer-page.js", { body: await bundlePage(folder) });
      stack.site.override("/site.js", { body: site("", auth) });
      let loads = 0;
      const home = await open();
      const load = async (leave: () => Promise<unknown>): Promise<void> => {
        await leave();
        await home.attached();
        await home.global("started");
        loads++;
      };
      await load(() => Promise.resolve());
      const get = (): Promise<number> => home.fetch("/api/orders").then(({ status }) => status);
      const needUser = async (): Promise<void> => {
        home.endSession();
        await home.run(() => window.attached.then((attachment) => attachment.forgetTokens()));
        await home.useUpClick();
      };

      // The hidden iframe, by the site itself and by the worker's request.
      await home.signIn(ADA);
      stack.provider.revokeRefreshTokens();
      expect(await get()).toBe(200);

      home.endSession();
      await home.run(() => window.msal.clearCache());
      await home.signInByPopup(ADA);
      expect(await get()).toBe(200);

      await home.run(() => window.msal.clearCache());
      await home.signIn(ADA);
      await needUser();
      const waiting = get();
      await pick(await home.openPopup());
      expect(await waiting).toBe(200);

      await home.page.evaluate(() => window.msal.logoutPopup());
      expect(await get()).toBe(401);

      await home.signIn(ADA);
      await home.run(() => void Object.assign(window, { isLeft: true }));
      await load(async () => {
        await home.run(() => void window.msal.logoutRedirect());
        await expect
          .poll(() => home.run(() => "started" in window && !("isLeft" in window)).catch(() => false))
          .toBe(true);
      });
      expect(await get()).toBe(401);

      stack.site.override("/site.js", { body: site('interaction: "redirect",', auth) });
      await load(() => page.reload());
      await home.signIn(ADA);
      await needUser();
      const left = page.url();
      await load(async () => {
        await home.run(() => void fetch("/api/orders").catch(() => undefined));
        await pick(page);
        await page.waitForURL(left);
      });
      expect(await get()).toBe(200);

      const users = (query: string) =>
        stack.api.received
          .filter((request) => request.query === query)
          .map(({ token }) => token?.username ?? null);
      expect(users("")).toEqual([ADA, ADA, ADA, null, null, ADA]);
      // Neither popup nor iframe has started the app.
      expect(users("start").length).toBe(loads);
    });
  }
}
