import { createInteraction } from "../../page/interaction/coordinator.ts";
import type { Channel, Environment, Locks } from "../../page/interaction/environment.ts";
import type {
  Interaction,
  InteractionMode,
  InteractionRequest,
} from "../../page/interaction/interaction-request.ts";
import type { AccessToken, SignInPopup, TokenRequest, TokenSource } from "../../page/token-source.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { resolveResourceMap } from "../../protocol/resource-map.ts";
import { ManualClock } from "./manual-clock.ts";

export const SITE = "https://site.example/";
export const ORDERS = "https://site.example/api/orders";

export const tokenOf = (account: string): AccessToken => ({
  accessToken: `token of ${account}`,
  account,
  expiresOn: new Date(1_800_000_000_000),
});

export const requestFor = (
  url: string = ORDERS,
  scopes: readonly string[] = ["Orders.Read"],
): TokenRequest => ({
  scopes,
  url,
  method: "GET",
  forceRefresh: false,
  challenge: {},
  unanswered: 0,
});

/** Everything that the tabs of one browser share. */
export class FakeBrowser {
  readonly clock = new ManualClock();
  readonly channels = new Set<Channel & { readonly name: string }>();
  /** Messages that pages sent. */
  readonly sent: unknown[] = [];
  /** Names of locks that are held, with the waits for their release. */
  readonly held = new Map<string, (() => void)[]>();

  /** A lock that is waited for is never kept, as no page does. */
  readonly locks = {
    request: async (
      name: string,
      { ifAvailable, signal }: LockOptions,
      work: (lock: Lock | null) => unknown,
    ): Promise<unknown> => {
      await Promise.resolve();
      if (!ifAvailable) {
        await this.#whenFree(name, signal);
        return await work({ name, mode: "exclusive" });
      }
      if (this.held.has(name)) return await work(null);
      this.held.set(name, []);
      try {
        return await work({ name, mode: "exclusive" });
      } finally {
        const waiting = this.held.get(name) ?? [];
        this.held.delete(name);
        for (const resume of waiting) resume();
      }
    },
  } as Locks;

  openChannel(name: string): Channel {
    const channel: Channel & { readonly name: string } = {
      name,
      onmessage: null,
      postMessage: (data: unknown) => {
        this.sent.push(data);
        this.deliver(name, data, channel);
      },
      close: () => void this.channels.delete(channel),
    };
    this.channels.add(channel);
    return channel;
  }

  async #whenFree(name: string, over: AbortSignal | undefined): Promise<void> {
    over?.throwIfAborted();
    const waiting = this.held.get(name);
    if (!waiting) return;
    await new Promise<void>((resolve, reject) => {
      waiting.push(resolve);
      over?.addEventListener("abort", () => reject(over.reason as Error));
    });
  }

  /** Delivers a message as any script of the origin can send it. */
  deliver(name: string, data: unknown, sender?: Channel): void {
    for (const channel of this.channels) {
      if (channel === sender || channel.name !== name) continue;
      const copy: unknown = structuredClone(data);
      queueMicrotask(() => {
        if (this.channels.has(channel))
          channel.onmessage?.call(channel as BroadcastChannel, { data: copy } as MessageEvent);
      });
    }
  }
}

export interface TabOptions {
  readonly account?: string | null;
  readonly interaction?: InteractionMode;
  readonly isVisible?: boolean;
  readonly keys?: readonly string[];
  readonly tokenType?: "DPoP";
  readonly storage?: Map<string, string>;
  /** Default: ends with `FakeTab.stopped`. */
  readonly stopped?: AbortSignal;
}

interface Popup {
  /** The source reports the window. */
  readonly opened: (popup: SignInPopup) => void;
  readonly settled: AbortSignal;
  readonly resolve: (token: AccessToken | null) => void;
  readonly reject: (error: unknown) => void;
}

/** One page with its interaction. The identity library gives no token silently until the test lets it. */
export class FakeTab {
  readonly interaction: Interaction;
  readonly stopped = new AbortController();
  /** Questions to the user, the latest last. */
  readonly asked: InteractionRequest[] = [];
  readonly silent: TokenRequest[] = [];
  /** Requests for which the user had to act, the latest last. */
  readonly requested: TokenRequest[] = [];
  /** Popups and redirects, the latest last. */
  readonly popups: Popup[] = [];
  readonly visibilityListeners = new Set<() => void>();
  acted = 0;
  /** Whether a click of the user counts. */
  isClicked = false;
  /** The tab's items of `sessionStorage`. Another page of the same tab has the same. */
  readonly storage: Map<string, string>;
  account: string | null;
  acquireSilent: () => Promise<AccessToken> = () => Promise.reject(NEEDS_USER);
  #isVisible: boolean;

  constructor(browser: FakeBrowser, options: TabOptions = {}) {
    const { account = "ada", isVisible = true, keys = [`${SITE}api/*`], tokenType } = options;
    this.storage = options.storage ?? new Map<string, string>();
    this.account = account;
    this.#isVisible = isVisible;
    const value = [{ scopes: ["Orders.Read"], ...(tokenType && { tokenType }) }];
    const entries = resolveResourceMap(Object.fromEntries(keys.map((key) => [key, value])), SITE);
    this.interaction = createInteraction({
      source: this.#source(),
      settings: {
        interaction: options.interaction ?? ((request) => void this.asked.push(request)),
        dialog: {},
      },
      entries,
      hasActed: () => (this.acted += 1),
      stopped: options.stopped ?? this.stopped.signal,
      clock: browser.clock,
      environment: this.#environment(browser),
    });
  }

  /** The latest question to the user. */
  get question(): InteractionRequest {
    const question = this.asked.at(-1);
    if (!question) throw new Error("The user was not asked.");
    return question;
  }

  show(isVisible: boolean): void {
    this.#isVisible = isVisible;
    for (const listener of this.visibilityListeners) listener();
  }

  /** The user signs in by the latest popup. */
  signInByPopup(): void {
    this.popups.at(-1)?.resolve(tokenOf(this.account ?? "ada"));
  }

  #source(): TokenSource {
    return {
      providerOrigins: ["https://login.example"],
      redirectPages: [`${SITE}redirect.html`],
      ready: () => Promise.resolve(),
      account: () => this.account,
      acquireSilent: (request) => {
        this.silent.push(request);
        return this.acquireSilent();
      },
      acquireInteractive: (request, _by, settled, opened) => {
        this.requested.push(request);
        return new Promise((resolve, reject) => void this.popups.push({ settled, opened, resolve, reject }));
      },
      subscribe: () => () => undefined,
    };
  }

  #environment(browser: FakeBrowser): Environment {
    return {
      isClicked: () => this.isClicked,
      visibility: {
        isVisible: () => this.#isVisible,
        onChange: (listener, over) => {
          if (over.aborted) return;
          this.visibilityListeners.add(listener);
          over.addEventListener("abort", () => this.visibilityListeners.delete(listener));
        },
      },
      locks: browser.locks,
      storage: {
        getItem: (key) => this.storage.get(key) ?? null,
        setItem: (key, value) => void this.storage.set(key, value),
        removeItem: (key) => void this.storage.delete(key),
      },
      openChannel: (name) => browser.openChannel(name),
    };
  }
}

const NEEDS_USER = new BearerWorkerError("interaction_required", "The user has to act.");

/** Lets everything that is ready run. */
export const flush = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
