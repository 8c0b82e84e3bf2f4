import { expect } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import type { Engine, EngineWindow } from "./engine.ts";

// Functions of `site/site.js`.
declare function attach(options: object): Promise<void>;
declare function signIn(): Promise<void>;

declare global {
  interface Window {
    /** The options that `SiteWindow.attach` has used for this page, as JSON. */
    attachedWith?: string;
    /** Whether the scripts of the page have run. */
    siteReady?: boolean;
  }
}

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

  /** Opens a window whose MSAL has an account, and no token for the API yet. */
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
    await this.window.evaluate(() => signIn());
    await this.window.click(`[data-account="${username}"]`);
    await this.ready();
    await this.window.evaluate(async () => {
      await window.msal.initialize();
      await window.msal.handleRedirectPromise();
    });
  }

  /** Attaches tokens, and waits until the page's requests gain them. Keeps a page that has attached with these options. */
  async attach(options: object = {}): Promise<void> {
    const wanted = JSON.stringify(options);
    if ((await this.window.evaluate(() => window.attachedWith ?? null)) === wanted) return;
    await this.show();
    await this.window.evaluate(async (json) => {
      await attach(JSON.parse(json) as object);
      window.attachedWith = json;
    }, wanted);
  }

  /** The site's own origin serves the API, too. */
  url(origin: Origin, path: string): string {
    return (origin === "same-origin" ? this.stack.site.origin : this.stack.api.origin) + path;
  }

  /** Waits until the page's scripts have run. An evaluation fails while the page is replaced. */
  async ready(): Promise<void> {
    const isReady = () => this.window.evaluate(() => window.siteReady === true).catch(() => false);
    await expect.poll(isReady, { timeout: 30_000 }).toBe(true);
  }
}

export const ADA = "ada@contoso.example";

/** An API's origin in relation to the page's. */
export const ORIGINS = ["same-origin", "cross-origin"] as const;

export type Origin = (typeof ORIGINS)[number];
