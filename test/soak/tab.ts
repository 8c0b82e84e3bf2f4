import { randomUUID } from "node:crypto";
import type { BrowserContext, CDPSession, Page } from "@playwright/test";
import type { Kind, Ledger, PageMessage } from "./ledger.ts";

/** The global of `site/requests.js` and `site/site.js`. */
declare const soak: {
  signIn(loginHint: string): Promise<void>;
  send(order: Order & { readonly id: string }): Promise<void>;
};

/** How long a page may take to load, attach and sign in, in milliseconds. */
const READY_WITHIN = 90_000;

/** The page says itself when it is ready. Its images may wait for their tokens for long. */
const COMMITTED = { waitUntil: "commit" } as const;

/** A request to be made by a page. */
export interface Order {
  readonly kind: Kind;
  /** Without the id, which is added to it. */
  readonly url: string;
  /** How many bytes a download has. */
  readonly bytes?: number;
}

/** A tab of the site with a signed-in user. */
export class Tab {
  readonly account: string;
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly #profile: string;
  readonly #ledger: Ledger;
  /** The id of the document that can make requests; null while the tab loads. */
  document: string | null = null;
  #onMessage: (message: PageMessage) => void = () => undefined;

  private constructor(page: Page, cdp: CDPSession, account: string, profile: string, ledger: Ledger) {
    this.page = page;
    this.cdp = cdp;
    this.account = account;
    this.#profile = profile;
    this.#ledger = ledger;
  }

  /** Opens a tab and signs in. */
  static async open(
    context: BrowserContext,
    site: string,
    account: string,
    profile: string,
    ledger: Ledger,
  ): Promise<Tab> {
    const page = await context.newPage();
    const tab = await Tab.#of(page, account, profile, ledger);
    const document = await tab.#load(() => page.goto(site, COMMITTED));
    // Another tab may come to the front meanwhile. A hidden popup draws no frames, for which a click by mouse waits.
    const choose = async (popup: Page): Promise<void> =>
      await popup.locator(`[data-account="${account}"]`).dispatchEvent("click");
    await Promise.all([
      page.waitForEvent("popup").then(choose),
      page.evaluate((loginHint) => soak.signIn(loginHint), account),
    ]);
    tab.document = document;
    return tab;
  }

  static async #of(page: Page, account: string, profile: string, ledger: Ledger): Promise<Tab> {
    const cdp = await page.context().newCDPSession(page);
    const tab = new Tab(page, cdp, account, profile, ledger);
    cdp.on("Runtime.bindingCalled", ({ payload }) => tab.#hear(JSON.parse(payload) as PageMessage));
    page.on("crash", () => {
      ledger.note(profile, "a page crashed");
      ledger.crash(tab.document);
      ledger.leave(tab.document);
    });
    await cdp.send("Runtime.enable");
    await cdp.send("Runtime.addBinding", { name: "soakSays" });
    return tab;
  }

  /** Opens another tab from this one. It starts with a copy of the session storage, so its user is signed in. */
  async duplicate(site: string): Promise<Tab> {
    const [page] = await Promise.all([
      this.page.waitForEvent("popup"),
      this.page.evaluate(() => void window.open("about:blank")),
    ]);
    const tab = await Tab.#of(page, this.account, this.#profile, this.#ledger);
    tab.document = await tab.#load(() => page.goto(site, COMMITTED));
    return tab;
  }

  get isReady(): boolean {
    return this.document !== null;
  }

  reload(ignoreCache = false): Promise<void> {
    return this.#leave(() => this.cdp.send("Page.reload", { ignoreCache }));
  }

  async close(): Promise<void> {
    this.#ledger.leave(this.document);
    this.document = null;
    await this.page.close();
  }

  /**
   * Calls a function in the page, without waiting for its promise, and without the click that `page.evaluate` pretends.
   *
   * @param script is sent as its source text: it sees the page's globals and its argument, and nothing of the harness
   * @param argument is sent as JSON
   */
  async run<Argument>(script: (argument: Argument) => void, argument?: Argument): Promise<void> {
    const expression = `(${script.toString()})(${JSON.stringify(argument)})`;
    await this.cdp.send("Runtime.evaluate", { expression, userGesture: false });
  }

  /** Lets the page make a request. A page that is gone makes none, and the ledger waits for no answer. */
  async send(order: Order): Promise<void> {
    const id = randomUUID();
    const url = `${order.url}${order.url.includes("?") ? "&" : "?"}soak=${id}`;
    const sending = this.run((request) => void soak.send(request), { ...order, id, url });
    await sending.catch((error: unknown) => {
      if (this.isReady) throw error;
    });
  }

  async #leave(go: () => Promise<unknown>): Promise<void> {
    this.#ledger.leave(this.document);
    this.document = null;
    this.document = await this.#load(go);
  }

  /** @returns the id of the document, once it is attached */
  async #load(go: () => Promise<unknown>): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const attached = new Promise<string>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("A page did not attach in time")), READY_WITHIN);
      this.#onMessage = ({ type, document, ...rest }) => {
        if (type === "attached") resolve(document);
        if (type === "unattached")
          reject(new Error(`A page could not attach: ${"error" in rest ? rest.error : ""}`));
      };
    });
    const [document] = await Promise.all([attached, go()]).finally(() => clearTimeout(timer));
    return document;
  }

  #hear(message: PageMessage): void {
    this.#ledger.enter(message, this.#profile, this.account);
    this.#onMessage(message);
  }
}
