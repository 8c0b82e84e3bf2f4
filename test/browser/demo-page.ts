import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { type Stack, startStack } from "../../dev/start-stack.ts";

export { expect };

export const LANGUAGES = ["ar", "de", "en", "ja"] as const;

/** The demo in a browser, as `npm start` serves it. */
export class DemoPage {
  readonly page: Page;
  readonly stack: Stack;

  constructor(page: Page, stack: Stack) {
    this.page = page;
    this.stack = stack;
  }

  /** Resolves once its buttons work. */
  async open(): Promise<void> {
    await this.page.goto(this.stack.site.origin);
    await this.started();
  }

  get inspector() {
    return this.page.getByRole("region", { name: "Token inspector" });
  }

  async started(): Promise<void> {
    await expect(this.page.locator("body")).toHaveAttribute("data-session", /signed/);
    await expect(this.inspector.getByRole("button", { name: "Forget tokens" })).toBeEnabled();
  }

  button(action: string) {
    return this.page.locator(`[data-action="${action}"], [data-trouble="${action}"]`);
  }

  card(name: string) {
    return this.page.locator(`[data-request="${name}"]`);
  }

  get announcement() {
    return this.page.locator("#announcement");
  }

  get spoken() {
    return this.page.locator("#spoken");
  }

  async signIn(act: () => Promise<void> = () => this.button("sign-in").click()): Promise<void> {
    const popup = this.page.waitForEvent("popup");
    await act();
    await (await popup).locator('[data-account="ada@contoso.example"]').click();
    await expect(this.page.locator("body")).toHaveAttribute("data-session", "signed-in");
  }

  async sendAll(): Promise<void> {
    await this.button("send-all").click();
    await expect(this.card("report")).toHaveAttribute("data-status", /\d/);
    await expect(this.page.locator('.card[data-status="pending"]')).toHaveCount(0);
  }

  /** Everything that the page can show at once: results of all kinds, also in the inspector, and an announcement. */
  async fill(): Promise<void> {
    await this.signIn();
    await this.sendAll();
    await this.card("own-header").getByRole("button").click();
    await expect(this.card("own-header")).toHaveAttribute("data-status", "401");
    await expect(this.inspector.locator(".entry.page")).not.toHaveCount(0);
    await this.button("expire-tokens").click();
    await expect(this.announcement).not.toBeEmpty();
  }

  /** Makes a request that needs the user, at a time when no click of theirs counts any more. */
  async openDialog(): Promise<void> {
    this.stack.provider.revokeSessions();
    this.stack.provider.revokeRefreshTokens();
    await this.button("revoke-tokens").click();
    await expect(this.announcement).not.toBeEmpty();
    await this.run(`void window.open("about:blank")?.close()`);
    await this.run(`void fetch("/api/orders")`);
    // Looking for it by a locator would count as a click.
    await expect
      .poll(() =>
        this.run(
          `[...document.querySelectorAll("div")].some((host) => host.shadowRoot?.querySelector("[open]"))`,
        ),
      )
      .toBe(true);
  }

  /** Evaluates an expression in the page, without the user's click that `page.evaluate` pretends. */
  async run<Value>(expression: string): Promise<Value> {
    const cdp = await this.page.context().newCDPSession(this.page);
    const { result } = await cdp.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    await cdp.detach();
    return result.value as Value;
  }
}

interface Fixtures {
  demoStack: Stack;
  demo: DemoPage;
  /** A demo in a browser with other preferences; not opened yet. */
  demoFor: (preferences: BrowserContextOptions) => Promise<DemoPage>;
}

export const test = base.extend<Fixtures, { sharedDemoStack: Stack }>({
  sharedDemoStack: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const stack = await startStack({ port: 0 });
      await use(stack);
      await stack.close();
    },
    { scope: "worker" },
  ],
  demoStack: async ({ sharedDemoStack }, use) => {
    sharedDemoStack.reset();
    await use(sharedDemoStack);
  },
  demo: async ({ demoStack, page }, use) => {
    const demo = new DemoPage(page, demoStack);
    await demo.open();
    await use(demo);
  },
  demoFor: async ({ browser, demoStack }, use) => {
    const contexts: Awaited<ReturnType<Browser["newContext"]>>[] = [];
    await use(async (preferences) => {
      const context = await browser.newContext(preferences);
      contexts.push(context);
      return new DemoPage(await context.newPage(), demoStack);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
