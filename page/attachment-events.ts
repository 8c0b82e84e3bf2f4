import type { Clock } from "../pipeline/clock.ts";
import type { BearerWorkerErrorCode } from "../protocol/errors.ts";
import type { BoundTokenType } from "../protocol/token-type.ts";
import type { ObservedRequest, PendingRequest } from "../protocol/request-notices.ts";

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
  /** The token's end, in milliseconds since the epoch. */
  readonly expiresOn: number;
  /** Left out for bearer tokens. */
  readonly tokenType?: BoundTokenType;
  /** The identity library's id of the acquisition, by which the provider's logs have it. MSAL gives one. */
  readonly correlationId: string | null;
}

/** The identity library is asked for a token, because a request waits for it. */
export interface TokenRequested {
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** A protected resource gets no token. */
export interface TokenFailed {
  /** The key of the `protectedResourceMap` that matched; `"*"` if all of them are concerned. */
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly code: BearerWorkerErrorCode;
  /** The identity library's own code, such as MSAL's `errorCode`, if there is one. */
  readonly reason: string | null;
  /** The identity library's id of the acquisition that failed, if there was one. */
  readonly correlationId: string | null;
  /**
   * The fate of the request. `"bare"`: the page gets the resource server's answer to a request without a (new) token.
   * `"unavailable"`: a network error. `"replayed"`: the request is sent again with another DPoP proof.
   */
  readonly outcome: "bare" | "unavailable" | "replayed";
}

/** A protected resource needs the user to act. */
export interface InteractionNeeded {
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** A request to a protected resource, as the worker saw it. */
export interface RequestObserved extends ObservedRequest {
  /** The scopes that this page's map asks for. */
  readonly scopes: readonly string[];
}

/** A request to a protected resource that has no response yet, as the worker sees it. */
export interface RequestPending extends PendingRequest {
  /** The scopes that this page's map asks for. */
  readonly scopes: readonly string[];
}

/** The events of a `TokenAttachment`, by name. */
export interface TokenAttachmentEvents {
  tokenrequested: CustomEvent<TokenRequested>;
  tokenacquired: CustomEvent<TokenAcquired>;
  tokenfailed: CustomEvent<TokenFailed>;
  interactionrequired: CustomEvent<InteractionNeeded>;
  /**
   * The worker saw a request of this page, or of a client that listens to no such events. The worker reports only while
   * somebody listens.
   */
  request: CustomEvent<RequestObserved>;
  /**
   * A request of which the worker reports waits: for the page, which is asked for a token, or for the network. Each new wait
   * is an event. The worker reports only while somebody listens to `request` events.
   */
  requestpending: CustomEvent<RequestPending>;
}

/** How many early events are kept. A page whose `attachTokens` has failed has no attachment that could emit them. */
const EARLY_KEPT = 100;

/**
 * The page's parts emit their events here. Calls can be served before `attachTokens` has resolved: their events wait until
 * the site has had the attachment, and a moment to add its listeners.
 */
export class AttachmentEvents {
  readonly #clock: Pick<Clock, "after">;
  #target: EventTarget | null = null;
  /** Events that have come too early. */
  #early: Event[] = [];
  #observing = false;
  #onObservingChange = (): void => undefined;

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  /** Whether somebody listens to `request` events. */
  get observing(): boolean {
    return this.#observing;
  }

  set observing(observing: boolean) {
    if (this.#observing === observing) return;
    this.#observing = observing;
    this.#onObservingChange();
  }

  set onObservingChange(listener: () => void) {
    this.#onObservingChange = listener;
  }

  connect(target: EventTarget): void {
    this.#clock.after(0, () => {
      this.#target = target;
      for (const event of this.#early) target.dispatchEvent(event);
      this.#early = [];
    });
  }

  emit<Name extends keyof TokenAttachmentEvents>(
    type: Name,
    detail: TokenAttachmentEvents[Name]["detail"],
  ): void {
    const event = new CustomEvent(type, { detail });
    if (this.#target) this.#target.dispatchEvent(event);
    else if (this.#early.length < EARLY_KEPT) this.#early.push(event);
  }
}
