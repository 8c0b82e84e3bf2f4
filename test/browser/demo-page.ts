import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { type Stack, startStack } from "../../dev/start-stack.ts";
import { SitePage } from "./fixtures.ts";
import { inspectorPanel, panelWorks } from "./inspector-panel.ts";

export { expect };

export const LANGUAGES = ["ar", "de", "en", "ja"] as const;

/** The demo in a browser, as `npm start` serves it. */
export class DemoPage {
  readonly page: Page;
  readonly stack: Stack;
  #opened: Promise<SitePage> | undefined;

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
    return inspectorPanel(this.page);
  }

  async started(): Promise<void> {
    await expect(this.page.locator("body")).toHaveAttribute("data-session", /signed/);
    await panelWorks(this.inspector);
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

  async signIn(
    act: () => Promise<void> = () => this.button("sign-in").click(),
    username = "ada@contoso.example",
  ): Promise<void> {
    const popup = this.page.waitForEvent("popup");
    await act();
    await (await popup).locator(`[data-account="${username}"]`).click();
    await expect(this.page.locator("body")).toHaveAttribute("data-session", "signed-in");
  }

  async sendAll(): Promise<void> {
    await this.button("send-all").click();
    await expect(this.card("report")).toHaveAttribute("data-status", /\d/);
    await expect(this.page.locator('.card[data-status="pending"]')).toHaveCount(0);
  }

  /** Fills the page with all that it can show at once: results of all kinds, entries of the inspector, an announcement. */
  async fill(): Promise<void> {
    await this.signIn();
    await this.sendAll();
    await this.card("own-header").getByRole("button").click();
    await expect(this.card("own-header")).toHaveAttribute("data-status", "401");
    await expect(this.inspector.locator(".entry.page")).not.toHaveCount(0);
    await this.button("drop-streams").click();
    await expect(this.announcement).not.toBeEmpty();
  }

  /** Makes a request that needs the user when no click counts, which opens the dialog. */
  async openDialog(): Promise<void> {
    const site = await this.#site();
    site.endSession();
    await this.stack.api.revokeTokens();
    await site.useUpClick();
    await site.run(() => void fetch("/api/orders"));
    await site.dialogShown();
  }

  /** Calls a function in the page, without the user gesture that `page.evaluate` pretends. */
  async run<Value, Argument>(
    script: (argument: Argument) => Value | Promise<Value>,
    argument?: Argument,
  ): Promise<Value> {
    return await (await this.#site()).run(script, argument);
  }

  /** The one `SitePage` of this page, made when it is first needed. */
  #site(): Promise<SitePage> {
    return (this.#opened ??= SitePage.of(this.page, this.stack));
  }
}

interface Fixtures {
  demoStack: Stack;
  demo: DemoPage;
  /** Gives a demo in a browser with other preferences, without opening the demo. */
  demoFor: (preferences: BrowserContextOptions) => Promise<DemoPage>;
}

export const test = base.extend<Fixtures, { sharedDemoStack: Stack }>({
  sharedDemoStack: [
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
