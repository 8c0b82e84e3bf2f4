import type { BrowserContext } from "@playwright/test";
import { test as base } from "./fixtures.ts";
import { openRealBrowser } from "./real-browser.ts";

/** Gives tabs that hide each other, as a user's tabs do. */
export const test = base.extend<{ tabs: BrowserContext }>({
  tabs: async ({}, use) => {
    const { browser, close } = await openRealBrowser();
    const [context] = browser.contexts();
    if (!context) throw new Error("The browser has no profile");
    await use(context);
    await close();
  },
});
