import { randomUUID } from "node:crypto";
import { test as base, expect, type CDPSession, type Locator, type Page } from "@playwright/test";
import type * as Msal from "@azure/msal-browser";
import { type Stack, startStack } from "../../dev/start-stack.ts";
import type * as BearerWorker from "../../page/index.ts";
import { beginSession } from "./provider-session.ts";
import { callInPage, runInPage } from "./run-in-page.ts";

export { expect };

/** The globals of the scripts in `site/`, for the page scripts of tests. */
declare global {
  /** Of `bearer-page.js`. */
  const bearerWorker: typeof BearerWorker &
    Pick<typeof Msal, "EventType" | "InteractionRequiredAuthError" | "PublicClientApplication">;
  /** Of `demo-config.js`. */
  const demoConfig: {
    readonly msalAuth: Stack["provider"]["msalAuth"];
    readonly issuer: string;
    readonly apiOrigin: string;
    readonly providerOrigin: string;
  };
  interface Window {
    msal: Msal.IPublicClientApplication;
    attached: Promise<BearerWorker.TokenAttachment>;
    events: { type: string; code?: string; [detail: string]: unknown }[];
  }
}

/** The parts of a response that tests look at. */
export interface Got {
  readonly status: number;
  readonly body: { readonly caller?: { readonly user: string; readonly audience: string } };
}

interface SiteOptions {
  /** Options of `attachTokens`, beyond the map that all pages share. */
  attach?: object;
  /** Configuration of MSAL, beyond the provider's. */
  msal?: object;
}

/** A page of a site that signs in with MSAL and attaches tokens. */
export class SitePage {
  readonly page: Page;
  readonly stack: Stack;
  readonly #cdp: CDPSession;

  private constructor(page: Page, stack: Stack, cdp: CDPSession) {
    this.page = page;
    this.stack = stack;
    this.#cdp = cdp;
  }

  /** Takes a page of any site that is already open. */
  static async of(page: Page, stack: Stack): Promise<SitePage> {
    return new SitePage(page, stack, await page.context().newCDPSession(page));
  }

  static async open(page: Page, stack: Stack, options: SiteOptions = {}, path = "/"): Promise<SitePage> {
    const site = await SitePage.of(page, stack);
    await page.goto(site.url(options, path));
    await site.attached();
    return site;
  }

  url(options: SiteOptions, path = "/"): string {
    // A new query each time: a new fragment alone would not load the page anew.
    return `${this.stack.site.origin}${path}?${randomUUID()}#${encodeURIComponent(JSON.stringify(options))}`;
  }

  async attached(): Promise<void> {
    await this.run(() => window.attached.then(() => undefined));
  }

  /** Signs in without a window: the provider's session begins by its own pages, and MSAL uses the session silently. */
  async signIn(username = "ada@contoso.example"): Promise<void> {
    const redirectUri = await this.run(() => window.msal.getConfiguration().auth.redirectUri ?? "");
    await beginSession(this.page.request, this.stack.provider.msalAuth, redirectUri, username);
    await this.run(async (loginHint) => {
      const { account } = await window.msal.ssoSilent({ loginHint, scopes: ["openid"] });
      window.msal.setActiveAccount(account);
    }, username);
  }

  /** Signs in as the user does. */
  async signInByPopup(username = "ada@contoso.example"): Promise<void> {
    const popup = this.page.waitForEvent("popup");
    const signedIn = this.page.evaluate(async () => {
      const { account } = await window.msal.loginPopup({ scopes: ["openid"] });
      window.msal.setActiveAccount(account);
    });
    await (await popup).locator(`[data-account="${username}"]`).click();
    await signedIn;
  }

  /** Signs in by the provider's session, in a tab that has no account yet. */
  async signInSilently(loginHint = "ada@contoso.example"): Promise<void> {
    await this.run((hint) => window.msal.ssoSilent({ loginHint: hint }).then(() => undefined), loginHint);
  }

  /** Fetches as the page's own script would, without the user gesture that `page.evaluate` pretends. */
  async fetch(url: string, init: RequestInit = {}): Promise<Got> {
    return await this.run(
      ([address, options]) =>
        fetch(address, options).then(
          async (response) => ({
            status: response.status,
            body: (await response.json().catch(() => ({}))) as Got["body"],
          }),
          () => ({ status: 0, body: {} }),
        ),
      [this.resolve(url), init] as const,
    );
  }

  /** Evaluates an expression, or calls a function, in the page, without a user gesture. */
  run<Value>(expression: string): Promise<Value>;
  run<Value, Argument>(
    script: (argument: Argument) => Value | Promise<Value>,
    argument?: Argument,
  ): Promise<Value>;
  async run<Value, Argument>(
    script: string | ((argument: Argument) => Value | Promise<Value>),
    argument?: Argument,
  ): Promise<Value> {
    return typeof script === "string"
      ? await runInPage(this.#cdp, script)
      : await callInPage(this.#cdp, script, argument);
  }

  /** Reads a variable that a script has left on the page's window. */
  global<Value>(name: string): Promise<Value> {
    return this.run((key) => Reflect.get(window, key) as Value, name);
  }

  /** Makes an account the active one. */
  async setActive(username: string): Promise<void> {
    await this.run(
      (name) => window.msal.setActiveAccount(window.msal.getAccount({ username: name })),
      username,
    );
  }

  /** `api:` stands for the API's origin. */
  resolve(url: string): string {
    return url.replace(/^api:/, this.stack.api.origin);
  }

  events(type: string): Promise<{ code?: string; [detail: string]: unknown }[]> {
    return this.run((wanted) => window.events.filter((event) => event.type === wanted), type);
  }

  /** From now on, `events("request")` has the requests, too. */
  async recordRequests(): Promise<void> {
    await this.run(() =>
      window.attached.then((attachment) => {
        attachment.addEventListener("request", ({ detail }) =>
          window.events.push({ ...detail, type: "request" }),
        );
      }),
    );
  }

  /** How many workers are registered for the site. */
  registrations(): Promise<number> {
    return this.run(() => navigator.serviceWorker.getRegistrations().then(({ length }) => length));
  }

  /** Unregisters the page's worker. */
  async unregister(): Promise<void> {
    await this.run(() =>
      navigator.serviceWorker.getRegistration().then((registration) => registration?.unregister()),
    );
  }

  /** Signs the user out at the provider, refresh tokens included: the next acquisition needs the user. */
  endSession(): void {
    this.stack.provider.revokeSessions();
    this.stack.provider.revokeRefreshTokens();
  }

  /** Uses up the user's last click: a click counts for a few seconds, or until it has opened a window. */
  async useUpClick(): Promise<void> {
    if (!(await this.run(() => navigator.userActivation.isActive))) return;
    const opened = this.page.waitForEvent("popup");
    await this.run(() => void window.open("about:blank"));
    await (await opened).close();
    // The window has hidden the page, and a page that the user does not see asks them nothing.
    await expect.poll(() => this.run(() => document.visibilityState)).toBe("visible");
  }

  /** Waits for the built-in dialog, without a locator: a locator counts as a click, and a click opens the popup at once. */
  async dialogShown(): Promise<Locator> {
    await expect
      .poll(() =>
        this.run(() =>
          [...document.querySelectorAll("div")].some((host) => host.shadowRoot?.querySelector("[open]")),
        ),
      )
      .toBe(true);
    return this.dialog;
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  /** Clicks a button of the dialog, which opens the provider's popup. */
  async openPopup(button = "Sign in"): Promise<Page> {
    const dialog = await this.dialogShown();
    const popup = this.page.waitForEvent("popup");
    await dialog.getByRole("button", { name: button }).click();
    return await popup;
  }

  /** Stops the worker, as the browser does when it is idle. */
  async stopWorker(): Promise<void> {
    await this.#cdp.send("ServiceWorker.enable");
    await this.#cdp.send("ServiceWorker.stopAllWorkers");
  }

  /** Stops the controlling worker or the waiting one, and not both: see docs/decisions/0011-waiting-workers.md. */
  async stopWorkerThatIs(state: "activated" | "installed"): Promise<void> {
    let found: string | undefined;
    // A request that arrives while the worker is stopping starts the worker again.
    const stopped = new Promise<void>((resolve, reject) =>
      this.#cdp.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
        const version = versions.find(({ status }) => status === state);
        if (version && found === undefined) {
          found = version.versionId;
          this.#cdp.send("ServiceWorker.stopWorker", { versionId: found }).catch(reject);
        }
        if (
          versions.some(({ versionId, runningStatus }) => versionId === found && runningStatus === "stopped")
        ) {
          resolve();
        }
      }),
    );
    // The browser reports all versions at each enabling.
    await this.#cdp.send("ServiceWorker.disable");
    await this.#cdp.send("ServiceWorker.enable");
    await stopped;
  }

  /** Crashes the page, as a lack of memory does. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent("crash");
    // The crashed page cannot answer.
    this.#cdp.send("Page.crash").catch(() => undefined);
    await crashed;
  }

  /** Pauses the page in the debugger: no script runs, and no message is received. */
  async freeze(): Promise<void> {
    await this.#cdp.send("Debugger.enable");
    const paused = new Promise((resolve) => this.#cdp.once("Debugger.paused", resolve));
    await this.#cdp.send("Debugger.pause");
    await paused;
  }

  async thaw(): Promise<void> {
    await this.#cdp.send("Debugger.disable");
  }

  /** Delays every response to the page itself. */
  async slowDown(milliseconds: number): Promise<void> {
    await this.#cdp.send("Network.enable");
    await this.#cdp.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: milliseconds,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  }

  /** Reloads as the browser does with Shift held: the page is left without its worker. */
  async hardReload(): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.#cdp.send("Page.reload", { ignoreCache: true });
    await loaded;
  }
}

/** Signs in, and leaves neither cache nor provider able to give a token without the user. */
export async function needUser(site: SitePage): Promise<void> {
  await site.signIn();
  site.endSession();
}

/** Serves another script in place of `site/site.js`, for options that are functions, for instance. */
export function replaceScript(stack: Stack, attach: string, auth = ""): void {
  stack.site.override("/site.js", {
    body: `
      window.events = [];
      window.msal = new bearerWorker.PublicClientApplication({
        auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html", ${auth} },
      });
      window.attached = ${attach};`,
  });
}

interface Fixtures {
  stack: Stack;
  /** Opens the site in the test's page. */
  open: (options?: SiteOptions, page?: Page) => Promise<SitePage>;
  /** The site in the test's page, with Ada signed in. */
  site: SitePage;
}

export const test = base.extend<Fixtures, { sharedStack: Stack }>({
  sharedStack: [
    async ({}, use) => {
      const stack = await startStack({ port: 0, roots: ["test/browser/site", "dist"] });
      await use(stack);
      await stack.close();
    },
    { scope: "worker" },
  ],
  stack: async ({ sharedStack }, use) => {
    sharedStack.reset();
    await use(sharedStack);
  },
  open: async ({ page, stack }, use) => {
    await use((options, other = page) => SitePage.open(other, stack, options));
  },
  site: async ({ open }, use) => {
    const site = await open();
    await site.signIn();
    await use(site);
  },
});

/** The requests that an API received at a path, each with its token's user and audience. */
export const received = (stack: Stack, path: string) =>
  stack.api.received
    .filter((request) => request.path === path)
    .map(({ authorization, token }) => ({
      authorization,
      user: token?.username ?? null,
      audience: token?.audience ?? null,
    }));

/** How each request that an API received at a path was authorized. */
export const authorizations = (stack: Stack, path: string) =>
  received(stack, path).map(({ authorization }) => authorization);

/** The requests that an API received at a path without a user. */
export const anonymous = (stack: Stack, path: string) =>
  received(stack, path).filter(({ user }) => user === null);

/** The token requests that the provider received. */
export const tokenRequests = (stack: Stack, grantType?: string) =>
  stack.provider.requests.filter(
    ({ endpoint, grantType: grant }) => endpoint === "token" && (grantType ?? grant) === grant,
  );

/** Makes a request by XMLHttpRequest, for pages whose own `fetch` may be held or replaced. */
export const requestByXhr = (site: SitePage): Promise<number> =>
  site.run(
    () =>
      new Promise<number>((resolve) => {
        const request = new XMLHttpRequest();
        request.onloadend = () => resolve(request.status);
        request.open("GET", "/api/orders");
        request.send();
      }),
  );

/** Makes a request by an image, which only a worker can give a token. Resolves when the image has loaded or failed. */
export const requestByImage = (site: SitePage): Promise<void> =>
  site.run(
    () =>
      new Promise<void>((resolve) => {
        const image = new Image();
        image.onload = image.onerror = () => resolve();
        image.src = "/api/orders";
      }),
  );
