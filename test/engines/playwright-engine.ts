import type { Browser } from "@playwright/test";
import { callOf, type Engine, type EngineWindow } from "./engine.ts";

/** Chromium, or Firefox over WebDriver BiDi. */
export function playwrightEngine(browser: Browser): Engine {
  return {
    async openWindow(): Promise<EngineWindow> {
      const context = await browser.newContext();
      const page = await context.newPage();
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (script, argument) => page.evaluate(callOf(script, argument)),
        click: (selector) => page.locator(selector).first().click(),
        async closeOtherTabs() {
          await Promise.all(context.pages().flatMap((other) => (other === page ? [] : other.close())));
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
