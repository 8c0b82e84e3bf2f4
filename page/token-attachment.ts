import type { BearerWorkerErrorCode } from "../protocol/errors.ts";
import type { ObservedRequest } from "../protocol/messages.ts";
import { ignoredMessages } from "../protocol/read-message.ts";

/** A token was acquired for a protected resource. */
export interface TokenAcquired {
  /** The key of the `protectedResourceMap` that matched. */
  readonly resource: string;
  readonly scopes: readonly string[];
  /** Whether the identity library had it in its cache. */
  readonly fromCache: boolean;
  /** Whether the user had to act. */
  readonly interactive: boolean;
  /** Milliseconds. */
  readonly duration: number;
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresOn: number;
}

/** A protected resource gets no token. */
export interface TokenFailed {
  /** The key of the `protectedResourceMap` that matched; `"*"` where it concerns all of them. */
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly code: BearerWorkerErrorCode;
  /** The identity library's own code, such as MSAL's `errorCode`, where there is one. */
  readonly reason: string | null;
  /**
   * What became of the request: `"bare"`, the page gets the resource server's answer to a request without a (new)
   * token; `"unavailable"`, a network error.
   */
  readonly outcome: "bare" | "unavailable";
}

/** A protected resource needs the user to act. */
export interface InteractionNeeded {
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** A request to a protected resource, as the worker saw it. */
export interface RequestObserved extends ObservedRequest {
  /** What this page's map asks for it. */
  readonly scopes: readonly string[];
}

/** The events of a `TokenAttachment`, by name. */
export interface TokenAttachmentEvents {
  tokenacquired: CustomEvent<TokenAcquired>;
  tokenfailed: CustomEvent<TokenFailed>;
  interactionrequired: CustomEvent<InteractionNeeded>;
  /** The worker saw a request of this page, or of nobody who listens. It reports only while somebody does. */
  request: CustomEvent<RequestObserved>;
}

type EventName = keyof TokenAttachmentEvents;
type Listener<Name extends EventName> = (event: TokenAttachmentEvents[Name]) => void;

/** What `attachTokens` gives: the page's bond with its worker. */
export class TokenAttachment extends EventTarget {
  /**
   * The last token that this page has acquired for each set of scopes, by the scopes with spaces between them. A token
   * that the worker has from another page is not among them.
   */
  declare readonly tokens: ReadonlyMap<string, TokenAcquired>;

  readonly #observers = new Set<unknown>();
  readonly #onObserve: () => void;

  /** @internal */
  constructor(onObserve: () => void) {
    super();
    this.#onObserve = onObserve;
  }

  /** Whether anybody listens to `request` events. */
  get observing(): boolean {
    return this.#observers.size > 0;
  }

  override addEventListener<Name extends EventName>(
    type: Name,
    listener: Listener<Name> | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void {
    super.addEventListener(type, listener, options);
    const { signal, once } = Object(options) as AddEventListenerOptions;
    if (type !== "request" || signal?.aborted) return;
    this.#observe(listener, true);
    const stop = (): void => this.#observe(listener, false);
    signal?.addEventListener("abort", stop);
    if (once) super.addEventListener(type, stop, options);
  }

  override removeEventListener<Name extends EventName>(
    type: Name,
    listener: Listener<Name> | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void {
    super.removeEventListener(type, listener, options);
    if (type === "request") this.#observe(listener, false);
  }

  /**
   * Takes the worker out of the page: it is unregistered, forgets its tokens, and attaches none to this page any more.
   * The worker stays in open pages until they are reloaded, where it lets every request pass.
   */
  declare readonly detach: () => Promise<void>;

  /**
   * Empties the worker, ahead of all requests that this page makes from now on: they ask the identity library again. For
   * apps that have renewed a token by themselves, or have changed what the next one should hold.
   */
  declare readonly forgetTokens: () => void;

  /**
   * Brings the user to sign in, by the `interaction` that requests use, for the map's first protected resource. What they
   * declined before does not count. Call it in a click, and a popup opens at once.
   *
   * @throws BearerWorkerError `interaction_declined`, `interaction_disabled`, `interaction_failed`, `popup_blocked`,
   * `popup_closed`, `redirecting`
   */
  declare readonly signIn: () => Promise<void>;

  /** How many messages of workers were ignored: malformed ones, and those of another version of this package. */
  get ignoredMessages(): number {
    return ignoredMessages;
  }

  /** @internal */
  emit<Name extends EventName>(type: Name, detail: TokenAttachmentEvents[Name]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #observe(listener: unknown, observing: boolean): void {
    const before = this.observing;
    this.#observers[observing ? "add" : "delete"](listener);
    if (this.observing !== before) this.#onObserve();
  }
}
