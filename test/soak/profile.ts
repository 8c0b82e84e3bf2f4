import type { Browser, BrowserContext } from "@playwright/test";
import type { Ledger } from "./ledger.ts";
import { Tab } from "./tab.ts";

/** A browser profile: tabs that share a worker and the provider's session. */
export class Profile {
  readonly name: string;
  readonly context: BrowserContext;
  readonly #accounts: readonly string[];
  readonly #site: string;
  readonly #ledger: Ledger;
  readonly #tabs: Tab[] = [];
  readonly #busy = new Set<Tab>();
  /** Ids of the versions of the worker that run and are not waiting to become active. */
  readonly #running = new Set<string>();
  /** The stops under way, and what ends each, by the ids of the versions. */
  readonly #stops = new Map<string, Promise<void>>();
  readonly #whenStopped = new Map<string, () => void>();

  private constructor(
    name: string,
    context: BrowserContext,
    accounts: readonly string[],
    site: string,
    ledger: Ledger,
  ) {
    this.name = name;
    this.context = context;
    this.#accounts = accounts;
    this.#site = site;
    this.#ledger = ledger;
  }

  /** Opens a tab for each account. */
  static async open(
    browser: Browser,
    name: string,
    accounts: readonly string[],
    site: string,
    ledger: Ledger,
  ): Promise<Profile> {
    const profile = new Profile(name, await browser.newContext(), accounts, site, ledger);
    for (const account of accounts) await profile.#openTab(account);
    await profile.#watchWorkers();
    return profile;
  }

  /** Whether all tabs have one account. With several accounts, the user of a web worker's request cannot be known. */
  get isOfOneAccount(): boolean {
    return new Set(this.#accounts).size === 1;
  }

  get tabs(): readonly Tab[] {
    return this.#tabs;
  }

  get readyTabs(): readonly Tab[] {
    return this.#tabs.filter((tab) => tab.isReady);
  }

  /** The tab that stays open all the time, so that its memory can be followed. */
  get resident(): Tab {
    return this.#tabs[0] ?? missing();
  }

  /** The tabs that can be reloaded or closed now. */
  get restless(): readonly Tab[] {
    return this.#tabs.slice(1).filter((tab) => tab.isReady && !this.#busy.has(tab));
  }

  /** The versions of the worker that can be stopped. */
  get runningWorkers(): readonly string[] {
    return [...this.#running];
  }

  /**
   * Resolves when the worker has stopped, some time after the command. A worker that is about to stop stops once, so a second
   * stop waits for the first.
   */
  async stopWorker(versionId: string): Promise<void> {
    const stop = this.#stops.get(versionId) ?? this.#stop(versionId);
    this.#stops.set(versionId, stop);
    await stop.finally(() => this.#stops.delete(versionId));
  }

  async #stop(versionId: string): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#whenStopped.set(versionId, resolve));
    await this.resident.cdp.send("ServiceWorker.stopWorker", { versionId });
    await stopped;
  }

  async #openTab(account: string): Promise<void> {
    this.#tabs.push(await Tab.open(this.context, this.#site, account, this.name, this.#ledger));
  }

  async #watchWorkers(): Promise<void> {
    const { cdp } = this.resident;
    cdp.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
      for (const { versionId, runningStatus, status } of versions) {
        const isActive = runningStatus === "running" && status.startsWith("activat");
        this.#running[isActive ? "add" : "delete"](versionId);
        if (runningStatus === "stopped") this.#whenStopped.get(versionId)?.();
        this.#ledger.note(this.name, `worker ${versionId} ${status}, ${runningStatus}`);
      }
    });
    await cdp.send("ServiceWorker.enable");
  }

  /** Does something to a tab, and keeps other actions off it meanwhile. */
  async handle(tab: Tab, act: (tab: Tab) => Promise<void>): Promise<void> {
    this.#busy.add(tab);
    await act(tab).finally(() => this.#busy.delete(tab));
  }

  /** Closes a tab and opens another one of the same account. */
  async replace(tab: Tab): Promise<void> {
    await this.handle(tab, async () => {
      // A web worker's requests have a user only while all pages are signed in, so no tab signs in there. The resident tab
      // opens no tab, since pages that know each other share a heap.
      const other = this.isOfOneAccount ? await tab.duplicate(this.#site) : null;
      this.#tabs.splice(this.#tabs.indexOf(tab), 1);
      await tab.close();
      if (other) this.#tabs.push(other);
      else await this.#openTab(tab.account);
    });
  }
}

function missing(): never {
  throw new Error("The profile has no tabs");
}
