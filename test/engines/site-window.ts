import { expect } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import type { Engine, EngineWindow } from "./engine.ts";

/** A window on a site that signs in with MSAL and attaches tokens, in any engine. */
export class SiteWindow {
  readonly window: EngineWindow;
  readonly stack: Stack;

  private constructor(window: EngineWindow, stack: Stack) {
    this.window = window;
    this.stack = stack;
  }

  static async open(engine: Engine, stack: Stack): Promise<SiteWindow> {
    const site = new SiteWindow(await engine.openWindow(), stack);
    await site.show();
    return site;
  }

  /** One whose MSAL has an account, and no token for the API yet. */
  static async openSignedIn(engine: Engine, stack: Stack): Promise<SiteWindow> {
    const site = await SiteWindow.open(engine, stack);
    await site.signIn();
    return site;
  }

  /** Shows the site. The page attaches no tokens by itself. */
  async show(): Promise<void> {
    await this.window.goto(`${this.stack.site.origin}/`);
    await this.ready();
  }

  /** Signs in by redirect, and comes back to the page. */
  async signIn(username = ADA): Promise<void> {
    await this.window.evaluate("signIn()");
    await this.window.click(`[data-account="${username}"]`);
    await this.ready();
    await this.window.evaluate("msal.initialize().then(() => msal.handleRedirectPromise()).then(() => null)");
  }

  /** Attaches tokens, and waits until the page's requests gain them. A page that has done so already is kept. */
  async attach(options: object = {}): Promise<void> {
    const wanted = JSON.stringify(options);
    if ((await this.window.evaluate("window.attachedWith")) === wanted) return;
    await this.show();
    await this.window.evaluate(
      `attach(${wanted}).then(() => (window.attachedWith = ${JSON.stringify(wanted)}))`,
    );
  }

  /** The site's own origin serves the API, too. */
  url(origin: Origin, path: string): string {
    return (origin === "same-origin" ? this.stack.site.origin : this.stack.api.origin) + path;
  }

  /** The page's scripts have run. While another page is still there, there is nothing to ask. */
  async ready(): Promise<void> {
    const isReady = () => this.window.evaluate<boolean>("window.siteReady === true").catch(() => false);
    await expect.poll(isReady, { timeout: 30_000 }).toBe(true);
  }
}

export const ADA = "ada@contoso.example";

/** Where an API is, as the page sees it. */
export const ORIGINS = ["same-origin", "cross-origin"] as const;

export type Origin = (typeof ORIGINS)[number];
