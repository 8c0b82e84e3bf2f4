import { deepEqual, equal } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { QUIET_CHROMIUM } from "../../dev/chromium-flags.mjs";
import { findChromium } from "../../dev/find-chromium.mjs";
import { startStack } from "../../dev/start-stack.ts";

const ADA = "ada@contoso.example";
/** The deadline for each step of signing in, on a machine that does other things, in milliseconds. */
const READY_WITHIN = 90_000;
const account = `[data-account="${ADA}"]`;

/**
 * Makes a request that needs the user, keeps the sign-in popup open, and then signs in. The pause is by the clock: the
 * clock of a browser's service worker cannot be wound on, nor can the time that a browser allows a worker for a request.
 *
 * @param milliseconds the time for which the popup stays open
 * @throws AssertionError when the request has not waited, or has gone out without its token
 */
export async function keepPopupOpen(milliseconds: number): Promise<void> {
  const stack = await startStack({ port: 0, roots: ["test/browser/site", "dist"] });
  const executablePath = findChromium()?.executablePath;
  const browser = await chromium.launch({
    args: QUIET_CHROMIUM,
    ignoreDefaultArgs: ["--disable-popup-blocking"],
    ...(executablePath && { executablePath }),
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(READY_WITHIN);
    await page.goto(stack.site.origin);
    const signInPopup = page.waitForEvent("popup");
    const signedIn = page.evaluate(async () => {
      await window.attached;
      await window.msal.loginPopup({ scopes: ["openid"] });
    });
    await (await signInPopup).locator(account).click();
    await signedIn;
    stack.provider.revokeSessions();
    stack.provider.revokeRefreshTokens();

    // `page.evaluate` counts as a click, with which the popup opens at once.
    const opened = page.waitForEvent("popup");
    const waiting = page.evaluate(() => fetch("/api/orders").then(({ status }) => status));
    // The request fails with the page when a later step fails.
    waiting.catch(() => undefined);
    const popup = await opened;
    await popup.locator(account).waitFor();
    await pause(milliseconds);
    equal(stack.api.received.length, 0);
    await popup.locator(account).click();

    const status = await waiting;
    const received = stack.api.received.map(({ authorization, token }) => [authorization, token?.username]);
    deepEqual({ status, received }, { status: 200, received: [["bearer", ADA]] });
  } finally {
    await browser.close();
    await stack.close();
  }
}
