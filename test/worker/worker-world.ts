import { Deferred } from "../../pipeline/deferred.ts";
import type { RequestMatch } from "../../pipeline/request-matcher.ts";
import type { Credentials, TokenResult } from "../../pipeline/token-result.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { PageAccount } from "../../protocol/page-account.ts";
import { mapText, type ResourceEntry } from "../../protocol/resource-map.ts";
import type { Question, Refusal, WantedProof } from "../../protocol/questions.ts";
import { Accounts } from "../../sw/accounts.ts";
import type { AskPage } from "../../sw/ask-page.ts";
import { ClientRecords } from "../../sw/clients.ts";
import { OpenPages } from "../../sw/open-pages.ts";
import type { TokenDemand } from "../../sw/token-demand.ts";
import { isOwnRequestLock } from "../../sw/request-locks.ts";
import { Tokens } from "../../sw/tokens.ts";
import { WorkerMaps } from "../../sw/worker-maps.ts";
import { ManualClock } from "../unit/manual-clock.ts";

/** The worker's own map, which is the map of its pages unless a test says otherwise. */
export const MAP: readonly ResourceEntry[] = [
  { key: "https://api.example/*", method: null, scopes: ["orders.read"] },
];
const SCOPE = "https://shop.example/";
/** How many milliseconds a token lives here. */
const LIFETIME = 3_600_000;

/** A client as a worker sees it, and the page that answers behind it. */
export class FakeClient {
  readonly type: "window" | "worker";
  readonly frameType: "top-level" | "nested" | "none";
  url = `${SCOPE}page`;
  readonly id: string;
  visibilityState: "visible" | "hidden" = "visible";
  /** `null` while the page has no part that answers: it is loading, or a web worker. */
  account: PageAccount | null;
  observing = false;
  map = mapText(MAP);
  /** URLs that the page's own map does not name. */
  readonly refuses = new Set<string>();
  unanswered: readonly { lock: string; request: string }[] = [];
  /** Whether the page has a token at hand when it is asked for its identity. */
  hasTokenAtHand = false;
  /** Notices that the worker has sent. */
  readonly heard: unknown[] = [];
  readonly postMessage: (notice: unknown) => void;
  /** Milliseconds from the question to the answer. */
  delay = 0;
  /** Milliseconds until the page acknowledges a question: it is busy. */
  busyFor: (question: Question) => number = () => 0;
  /** In place of the answer of a page that is all right. */
  override: ((question: Question) => Answer | null) | null = null;
  #frozen: Deferred | null = null;

  constructor(id: string, account: PageAccount | null, kind: "page" | "iframe" | "worker" = "page") {
    this.id = id;
    this.account = account;
    this.type = kind === "worker" ? "worker" : "window";
    this.postMessage = (notice) => void this.heard.push(notice);
    this.frameType = kind === "page" ? "top-level" : kind === "iframe" ? "nested" : "none";
  }

  /** A frozen page says nothing. Questions that the worker leaves with it are answered once it is not frozen any more. */
  get isFrozen(): boolean {
    return this.#frozen !== null;
  }

  set isFrozen(isFrozen: boolean) {
    if (isFrozen) {
      this.#frozen ??= new Deferred();
      return;
    }
    this.#frozen?.resolve();
    this.#frozen = null;
  }

  async whenThawed(): Promise<void> {
    await this.#frozen?.promise;
  }
}

export const signedIn = (id: string, perResource = false): PageAccount & { type: "account" } => ({
  type: "account",
  id,
  perResource,
});
export const SIGNED_OUT: PageAccount = { type: "signed-out", mayAcquire: false };

/** The state of a service worker amid clients that a test controls. */
export class WorkerWorld {
  readonly clock = new ManualClock();
  readonly clients = new Map<string, FakeClient>();
  /** Every question that was asked, by page. */
  readonly asked: { readonly page: string; readonly question: Question }[] = [];
  /** Hears that the worker looks a client up, before it has the result. */
  onLookUp: (id: string) => void = () => undefined;
  pages!: OpenPages;
  records!: ClientRecords;
  accounts!: Accounts;
  tokens!: Tokens;
  #issued = 0;

  constructor(...clients: FakeClient[]) {
    for (const client of clients) this.clients.set(client.id, client);
    this.restart();
  }

  /** Stops the worker and starts it anew: all that it remembered is gone. */
  restart(): void {
    const list = {
      get: async (id: string) => {
        this.onLookUp(id);
        return this.clients.get(id) as unknown as Client | undefined;
      },
      matchAll: async (options?: ClientQueryOptions) =>
        [...this.clients.values()].filter(
          ({ type }) => options?.type === "all" || type === "window",
        ) as unknown as Client[],
    } as Pick<Clients, "get" | "matchAll">;
    this.pages = new OpenPages(list, SCOPE);
    const maps = new WorkerMaps();
    maps.add(MAP, false);
    this.records = new ClientRecords(list, (map) => maps.compare(map), isOwnRequestLock);
    this.accounts = new Accounts(this.records, this.pages, this.#ask, this.clock);
    this.tokens = new Tokens(this.records, this.accounts, this.pages, this.#ask, this.clock);
  }

  announce(id: string): void {
    const { account, map, observing } = this.client(id);
    if (account) this.records.learn(id, { type: "announce", account, map, observing });
  }

  client(id: string): FakeClient {
    const client = this.clients.get(id);
    if (!client) throw new Error(`There is no client ${id}.`);
    return client;
  }

  /** Asks for the proof of a request of a client, whose token is in memory. */
  prove(
    clientId: string,
    match: RequestMatch,
    proof: WantedProof = { method: "GET", nonce: null },
  ): Promise<Credentials | null> {
    return this.tokens.prove(this.#demand(clientId, match), proof);
  }

  /** Asks for the token of a request of a client. */
  acquire(
    clientId: string,
    {
      refusal = null,
      match = ORDERS,
      path = "/orders",
      isNavigation = false,
      blocksLoading = false,
      mayRepeat = true,
    }: {
      refusal?: Refusal | null;
      match?: RequestMatch;
      path?: string;
      isNavigation?: boolean;
      blocksLoading?: boolean;
      mayRepeat?: boolean;
    } = {},
  ): Promise<TokenResult> {
    const demand = this.#demand(clientId, match);
    return this.tokens.acquire(
      { ...demand, url: `${match.server}${path}`, isNavigation, blocksLoading, mayRepeat },
      refusal,
    );
  }

  #demand(clientId: string, match: RequestMatch): TokenDemand {
    const work: Promise<unknown>[] = [];
    return {
      clientId,
      isNavigation: false,
      blocksLoading: false,
      mayRepeat: true,
      url: `${match.server}/orders`,
      method: "GET",
      match,
      noteAsking: () => undefined,
      waitUntil: (promise: Promise<unknown>) => void work.push(promise),
    };
  }

  /** A new token of an account: its text begins with the account's id. */
  issue(account: string): { accessToken: string; endsAt: number; renewAt: number } {
    const now = this.clock.now();
    return {
      accessToken: `${account}#${++this.#issued}`,
      endsAt: now + LIFETIME,
      renewAt: now + LIFETIME / 2,
    };
  }

  questions(type: Question["type"]): string[] {
    return this.asked.filter(({ question }) => question.type === type).map(({ page }) => page);
  }

  readonly #ask: AskPage = async (page, question, acknowledgeWithin) => {
    this.asked.push({ page: page.id, question });
    const client = this.clients.get(page.id);
    if (!client) return null;
    const busy = client.busyFor(question);
    if (acknowledgeWithin === Infinity) await client.whenThawed();
    if (client.isFrozen || client.account === null || busy > acknowledgeWithin) {
      await this.#wait(acknowledgeWithin);
      return null;
    }
    if (busy > 0) await this.#wait(busy);
    if (client.delay > 0) await this.#wait(client.delay);
    if (client.override) return client.override(question);
    return this.#answer(client, question);
  };

  #answer(client: FakeClient, question: Question): Answer | null {
    const { account, map, observing, unanswered, hasTokenAtHand, refuses } = client;
    if (!account) return null;
    const identity = { type: "identity", account, map, observing, unanswered, token: null } as const;
    if (question.type === "identify") {
      const isAtHand = hasTokenAtHand && question.wanted !== null && account.type === "account";
      return isAtHand ? { ...identity, token: this.issue(account.id) } : identity;
    }
    if (refuses.has(question.wanted.url)) return { type: "bare" };
    if (JSON.stringify(question.account) !== JSON.stringify(account)) return identity;
    if (account.type !== "account") return { type: "bare" };
    return { type: "token", account, token: this.issue(account.id) };
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(milliseconds, resolve));
  }
}

export const ORDERS: RequestMatch = {
  key: "https://api.example/orders",
  scopes: ["orders.read"],
  server: "https://api.example",
};
