import type { TokenFailure } from "./answers.ts";
import type { BoundTokenType } from "./token-type.ts";

/** A request to a protected resource, as the worker sees it. Times are in milliseconds since the epoch. */
interface SeenRequest {
  /** The same in all reports of one request, and in those of no other. */
  readonly id: string;
  /** The key of the `protectedResourceMap` that matched. */
  readonly resource: string;
  readonly method: string;
  /** The page's events leave out query and fragment, which may be secret. */
  readonly url: string;
  /** @see https://fetch.spec.whatwg.org/#concept-request-destination */
  readonly destination: string;
  /** The moment at which it reached the worker. */
  readonly startedAt: number;
}

/** A request that has no response yet. */
export interface PendingRequest extends SeenRequest {
  /** `"page"`: the page was asked for a token. `"network"`: the request has been sent. */
  readonly waitsFor: "page" | "network";
  /** The moment at which this wait began. */
  readonly since: number;
}

/** A request that has its response. */
export interface ObservedRequest extends SeenRequest {
  /** The source of the token with which it was last sent. */
  readonly token: "memory" | "page" | "none";
  /** Whether the resource server refused the first token. */
  readonly refused: boolean;
  /** Left out for bearer tokens, and for requests without a token. */
  readonly tokenType?: BoundTokenType;
  /** Whether it was sent again with a new token, because the first was refused. */
  readonly replayed: boolean;
  /** Whether it was sent again with another DPoP proof: with the server's nonce or its time. Left out when it was not. */
  readonly proofReplaced?: boolean;
  /** The response's status; 0 for a network error and for opaque responses. */
  readonly status: number;
  /**
   * `"error"` for a network error.
   *
   * @see https://fetch.spec.whatwg.org/#concept-response-type
   */
  readonly responseType: string;
  /** Milliseconds spent on getting tokens, before it was sent and before it was replayed. */
  readonly tokenTime: number;
  /** Milliseconds until the response's headers. */
  readonly responseTime: number;
  /** How many messages the worker has ignored since its start: malformed ones, and those of another version. */
  readonly ignoredMessages: number;
}

/** Worker to page: a request waits for something else now. Only for pages that observe. */
export interface PendingNotice {
  readonly type: "pending";
  readonly request: PendingRequest;
}

/** Worker to page: the outcome of a request. Only for pages that observe. */
export interface ObservedNotice {
  readonly type: "observed";
  readonly request: ObservedRequest;
}

/**
 * Worker to page: a request is running. The page sends any message back at once. Firefox stops a worker that has had no
 * event for a while, even while it streams a response, and a message is an event.
 */
export interface RunningNotice {
  readonly type: "running";
}

/**
 * Worker to the page that made the request: a request that must not be sent twice is about to be sent, or has been
 * answered. If the worker dies in between, Chromium may give the request to the next worker.
 */
export interface SendingNotice {
  readonly type: "sending";
  /** The name of a lock that the worker holds in between. */
  readonly lock: string;
  /** Method and URL; `null` once it is answered. */
  readonly request: string | null;
}

/** A reason for which a resource server refuses a proof. */
export type ProofProblem = "dpop_nonce_missing" | "dpop_clock_differs" | "dpop_proof_refused";

/** Worker to page: the resource server refused a proof. */
export interface ProofRefusedNotice {
  readonly type: "proof-refused";
  readonly url: string;
  readonly method: string;
  readonly code: ProofProblem;
  /** Whether the request is sent again with another proof. */
  readonly isReplayed: boolean;
}

/**
 * Worker to a page whose request waited for the answer of another page: that page had no token. Pages of one account share
 * a question, and the page that was asked emits its event itself.
 */
export interface FailedNotice {
  readonly type: "failed";
  /** The page looks up its own key. Its event has no URL. */
  readonly url: string;
  readonly method: string;
  readonly failure: TokenFailure;
  /** The fate of the request. */
  readonly outcome: "bare" | "unavailable";
}
