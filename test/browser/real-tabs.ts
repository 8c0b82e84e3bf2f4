import type { BrowserContext } from "@playwright/test";
import { test as base } from "./fixtures.ts";
import { openRealBrowser } from "./real-browser.ts";

/** Tabs that hide each other, as a user's do. */
export const test = base.extend<{ tabs: BrowserContext }>({
  tabs: async ({}, use) => {
    const { browser, close } = await openRealBrowser();
    const [context] = browser.contexts();
    if (!context) throw new Error("The browser has no profile");
    await use(context);
    await close();
  },
});
