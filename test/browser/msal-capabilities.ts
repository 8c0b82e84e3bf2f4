import type { BrowserContext, Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, SitePage, tokenRequests } from "./fixtures.ts";
import { type PrivateParts, readPrivateParts, recordTimers } from "./msal-private-parts.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

/** A site with one version of MSAL, which stays open for all capabilities. */
export interface World {
  readonly site: SitePage;
  readonly stack: Stack;
  readonly context: BrowserContext;
  /** Read by a capability whose popup is open. */
  privateParts?: PrivateParts;
}

interface Capability {
  /** The row's title in the table: true of the versions that can. */
  readonly name: string;
  /** Throws when this version of MSAL cannot. */
  readonly check: (world: World) => Promise<void>;
}

const pick = (popup: Page, username = ADA) => popup.locator(`[data-account="${username}"]`).click();

/** The users whose tokens the API received since the last question; `null` for a request without one. */
const users = ({ stack }: World): (string | null)[] => {
  const count = asked.get(stack) ?? 0;
  const { received } = stack.api;
  asked.set(stack, received.length);
  return received.slice(count).map(({ token }) => token?.username ?? null);
};
const asked = new WeakMap<Stack, number>();

/** The status of a request's answer; 0 without one, as when a check that failed leaves the page. */
const get = async ({ site }: World, url = "/api/orders"): Promise<number> =>
  await site.fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

/** Ada is signed in with fresh tokens, whatever was before. */
async function signedIn(world: World): Promise<void> {
  await world.site.run(() => window.msal.clearCache());
  world.site.endSession();
  await world.site.signIn(ADA);
  users(world);
}

/** Ada is signed in, and nothing but a popup or redirect gives a token. */
async function needsUser(world: World): Promise<void> {
  await signedIn(world);
  world.site.endSession();
  await world.site.useUpClick();
}

export const CAPABILITIES: readonly Capability[] = [
  {
    name: "Tokens by the refresh token, then from MSAL's cache",
    async check(world) {
      const before = tokenRequests(world.stack, "refresh_token").length;
      await signedIn(world);
      expect([await get(world), await get(world)]).toEqual([200, 200]);
      expect(users(world)).toEqual([ADA, ADA]);
      expect(tokenRequests(world.stack, "refresh_token")).toHaveLength(before + 1);
    },
  },
  {
    name: "Tokens by the hidden iframe",
    async check(world) {
      await signedIn(world);
      world.stack.provider.revokeRefreshTokens();
      const before = tokenRequests(world.stack, "authorization_code").length;
      expect(await get(world)).toBe(200);
      expect(users(world)).toEqual([ADA]);
      expect(tokenRequests(world.stack, "authorization_code")).toHaveLength(before + 1);
    },
  },
  {
    name: "The site's own `loginPopup`",
    async check(world) {
      await world.site.run(() => window.msal.clearCache());
      world.site.endSession();
      users(world);
      await world.site.signInByPopup(ALAN);
      expect(await get(world)).toBe(200);
      expect(users(world)).toEqual([ALAN]);
    },
  },
  {
    name: "The site's own `setActiveAccount` counts at once",
    async check(world) {
      await signedIn(world);
      world.stack.provider.revokeSessions();
      // With an active account, MSAL 3 asks for that account's session.
      await world.site.run(() => window.msal.setActiveAccount(null));
      await world.site.signIn(ALAN);
      expect(await get(world)).toBe(200);
      await world.site.setActive(ADA);
      expect(await get(world)).toBe(200);
      await world.site.setActive(ALAN);
      expect(await get(world)).toBe(200);
      expect(users(world)).toEqual([ALAN, ADA, ALAN]);
    },
  },
  {
    name: "The site's own `clearCache` counts at once",
    async check(world) {
      await signedIn(world);
      expect(await get(world)).toBe(200);
      await world.site.run(() => window.msal.clearCache());
      expect(await get(world)).toBe(401);
      expect(users(world)).toEqual([ADA, null]);
    },
  },
  {
    name: "A claims challenge is answered silently",
    async check(world) {
      await signedIn(world);
      expect(await get(world)).toBe(200);
      await world.stack.api.revokeTokens();
      expect(await get(world)).toBe(200);
      expect(world.stack.api.received.slice(-2).map(({ status }) => status)).toEqual([401, 200]);
      world.stack.api.settings.revokeTokensIssuedBefore = null;
    },
  },
  {
    name: "A step-up is brought to the user",
    async check(world) {
      await signedIn(world);
      await world.site.useUpClick();
      const waiting = get(world, "/api/orders/approvals");
      await (await world.site.openPopup()).locator('[data-action="approve"]').click();
      expect(await waiting).toBe(200);
      expect(users(world)).toEqual([ADA, ADA]);
    },
  },
  {
    name: "The dialog's popup signs in",
    async check(world) {
      await needsUser(world);
      const waiting = get(world);
      await recordTimers(world.site);
      const popup = await world.site.openPopup();
      await popup.locator(`[data-account="${ADA}"]`).waitFor();
      world.privateParts = await readPrivateParts(world.site, popup);
      await pick(popup);
      expect(await waiting).toBe(200);
      expect(users(world)).toEqual([ADA]);
    },
  },
  {
    name: "A closed popup is `popup_closed`, and the next one signs in",
    async check(world) {
      await needsUser(world);
      const waiting = get(world);
      await (await world.site.openPopup()).close();
      await expect(world.site.dialog).toContainText("was closed");
      await pick(await world.site.openPopup("Try again"));
      expect(await waiting).toBe(200);
      expect(users(world)).toEqual([ADA]);
    },
  },
  {
    name: "A popup that the site opened is waited for",
    async check(world) {
      await needsUser(world);
      const opened = world.site.page.waitForEvent("popup");
      const own = world.site.page.evaluate(() =>
        window.msal.loginPopup({ scopes: ["openid"] }).catch(() => null),
      );
      const waiting = get(world);
      await pick(await opened);
      await own;
      expect(await waiting).toBe(200);
      expect(users(world)).toEqual([ADA]);
    },
  },
  {
    name: "A popup that a sign-in in another tab made needless closes",
    async check(world) {
      await needsUser(world);
      const waiting = get(world);
      const popup = await world.site.openPopup();
      const closed = popup.waitForEvent("close");
      const other = await SitePage.open(await world.context.newPage(), world.stack);
      await other.signInByPopup(ADA);
      await closed;
      expect(await waiting).toBe(200);
      expect(users(world)).toEqual([ADA]);
      await other.page.close();
    },
  },
  {
    name: "`logoutPopup` signs out",
    async check(world) {
      await signedIn(world);
      expect(await get(world)).toBe(200);
      const closed = world.site.page.waitForEvent("popup").then((popup) => popup.waitForEvent("close"));
      await world.site.page.evaluate(() => window.msal.logoutPopup());
      await closed;
      expect(await get(world)).toBe(401);
      expect(users(world)).toEqual([ADA, null]);
    },
  },
  {
    name: "A sign-out in one tab counts in the others",
    async check(world) {
      await signedIn(world);
      expect(await get(world)).toBe(200);
      const other = await SitePage.open(await world.context.newPage(), world.stack);
      await other.signInSilently();
      await world.site.page.bringToFront();
      const account = await world.site.run(() => window.msal.getActiveAccount()?.homeAccountId);
      expect(await other.run(() => window.msal.getAllAccounts()[0]?.homeAccountId)).toBe(account);
      await world.site.page.evaluate(() => window.msal.logoutPopup());
      await expect.poll(() => other.run(() => window.msal.getAllAccounts().length)).toBe(0);
      expect((await other.fetch("/api/orders")).status).toBe(401);
      expect(users(world)).toEqual([ADA, null]);
      await other.page.close();
    },
  },
  {
    name: "`logoutRedirect` comes back",
    async check(world) {
      await signedIn(world);
      const { page } = world.site;
      const returned = page.waitForEvent("framenavigated", (frame) =>
        frame.url().includes("/bearer-redirect.html"),
      );
      await world.site.run(() => void window.msal.logoutRedirect());
      await returned;
      await page.waitForURL((url) => url.pathname === "/");
      await world.site.attached();
      expect(await get(world)).toBe(401);
      expect(users(world)).toEqual([null]);
    },
  },
  {
    name: 'A redirect brings the user back to where they were (`interaction: "redirect"`)',
    async check(world) {
      const { page } = world.site;
      await page.goto(world.site.url({ attach: { interaction: "redirect" } }));
      await world.site.attached();
      await needsUser(world);
      const left = page.url();
      await world.site.run(() => void fetch("/api/orders").catch(() => undefined));
      await pick(page);
      await page.waitForURL(left);
      await world.site.attached();
      expect(await get(world)).toBe(200);
      expect(users(world)).toEqual([ADA]);
    },
  },
  {
    name: "A guest's account has the token of its own tenant",
    async check(world) {
      const { anyTenant, guestAuthority } = world.stack.provider.otherAuthorities;
      await world.site.page.goto(world.site.url({ msal: { auth: anyTenant } }));
      await world.site.attached();
      await signedIn(world);
      // The app itself knows the other tenant, and has no token of the API there.
      const tenantId = new URL(guestAuthority).pathname.slice(1);
      await world.site.run(
        async ([authority, tenant]) => {
          await window.msal.acquireTokenSilent({ scopes: ["api://media/Media.Read"], authority });
          window.msal.setActiveAccount(window.msal.getAccount({ tenantId: tenant }));
        },
        [guestAuthority, tenantId] as const,
      );
      expect(await get(world)).toBe(200);
      expect(world.stack.api.received.at(-1)?.token?.tenantId).toBe(tenantId);
      users(world);
    },
  },
  {
    name: "A popup of a site with `Cross-Origin-Opener-Policy: same-origin`",
    async check(world) {
      const { page } = world.site;
      world.stack.site.override("/", { headers: { "Cross-Origin-Opener-Policy": "same-origin" } });
      await page.goto(world.site.url({}));
      await world.site.attached();
      await needsUser(world);
      const waiting = get(world);
      await world.site.dialogShown();
      const opened = world.context.waitForEvent("page");
      await world.site.dialog.getByRole("button", { name: "Sign in" }).click();
      const popup = await opened;
      await popup.locator(`[data-account="${ADA}"]`).waitFor();
      await expect(world.site.dialog, "MSAL takes the popup for closed").not.toContainText("was closed", {
        timeout: 1,
      });
      await pick(popup);
      expect(await waiting).toBe(200);
      expect(users(world)).toEqual([ADA]);
    },
  },
];
