import { ignoredMessages } from "../protocol/check-message.ts";
import type { AttachmentEvents, TokenAcquired, TokenAttachmentEvents } from "./attachment-events.ts";

type EventName = keyof TokenAttachmentEvents;
type Listener<Name extends EventName> = (event: TokenAttachmentEvents[Name]) => void;

/** The page's side of an attachment. */
type AttachedPage = Pick<TokenAttachment, "tokens" | "detach" | "forgetTokens" | "renewToken" | "signIn">;

/** The token that `renewToken` is to replace. */
export interface RenewalOptions {
  /** The request's method. Default: `"GET"`. */
  readonly method?: string;
  /** The resource server's demands: JSON of a claims request, as some APIs send it in the body of a 401 response. */
  readonly claims?: string;
}

/** The result of `attachTokens`: the page's bond with its worker. */
export class TokenAttachment extends EventTarget {
  /**
   * The last token that this page has acquired for each set of scopes, by the scopes with spaces between them. A token
   * that the worker has from another page is not among them.
   */
  readonly tokens: ReadonlyMap<string, TokenAcquired>;

  /**
   * Takes the worker out of the page: it is unregistered, forgets its tokens, and attaches none to this page any more.
   * The worker stays in open pages until they are reloaded, and lets every request of theirs pass.
   * Another call gives the same promise.
   */
  readonly detach: () => Promise<void>;

  /**
   * Empties the worker, ahead of all requests that this page makes from now on: they ask the identity library again. For
   * apps that have renewed a token by themselves, or have changed the content of the next one.
   */
  readonly forgetTokens: () => void;

  /**
   * Acquires a new token for a protected resource, past every cache, and gives it to the requests that follow. For APIs that
   * refuse a token without a `WWW-Authenticate` field, or with the reason in the body: the worker cannot tell by itself.
   * The user is asked if the identity provider wants it.
   *
   * @param url as the request has it
   * @returns whether there is a new token. One that this method got less than a minute ago is not replaced.
   */
  readonly renewToken: (url: string | URL, options?: RenewalOptions) => Promise<boolean>;

  /**
   * Brings the user to sign in, by the `interaction` that requests use, for the map's first protected resource. An earlier
   * refusal does not count. Call it in a click, and a popup opens at once.
   *
   * @throws BearerWorkerError `interaction_declined`, `interaction_disabled`, `interaction_failed`, `popup_blocked`,
   * `popup_closed`, `redirecting`
   */
  readonly signIn: () => Promise<void>;

  readonly #events: AttachmentEvents;
  /** Listeners to `request` events, each with the registration that counts. */
  readonly #observers = new Map<unknown, symbol>();

  /** @internal */
  constructor({ tokens, detach, forgetTokens, renewToken, signIn }: AttachedPage, events: AttachmentEvents) {
    super();
    this.tokens = tokens;
    this.detach = detach;
    this.forgetTokens = forgetTokens;
    this.renewToken = renewToken;
    this.signIn = signIn;
    this.#events = events;
    events.connect(this);
  }

  /** Whether anybody listens to `request` events. */
  get observing(): boolean {
    return this.#events.observing;
  }

  /** How many messages of workers were ignored: malformed ones, and those of another version of this package. */
  get ignoredMessages(): number {
    return ignoredMessages();
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
    const { signal, once } = typeof options === "object" ? options : {};
    if (type !== "request" || !listener || signal?.aborted || this.#observers.has(listener)) return;
    const registration = Symbol(type);
    this.#observers.set(listener, registration);
    this.#countObservers();
    // The listener may have been removed and added again meanwhile.
    const stop = (): void => {
      if (this.#observers.get(listener) === registration) this.#stopObserving(listener);
    };
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
    if (type === "request") this.#stopObserving(listener);
  }

  #stopObserving(listener: unknown): void {
    this.#observers.delete(listener);
    this.#countObservers();
  }

  #countObservers(): void {
    this.#events.observing = this.#observers.size > 0;
  }
}
