import type { EntryHeaders } from "./entry-headers.ts";

/**
 * Everything that page and worker say to each other. A question travels with a `MessagePort` of its own, so the port is
 * the correlation: there are no ids, and nothing to restore when the browser stops the worker.
 */
import type { BoundTokenType } from "./resource-map.ts";

import type { BearerWorkerErrorCode } from "./errors.ts";

/** Rises when an older party could misunderstand a newer one. Both ignore messages of another version. */
export const PROTOCOL_VERSION = 2;

/** A signed-in account, as the page names it. */
export interface SignedIn {
  readonly type: "account";
  /** Opaque to the worker. */
  readonly id: string;
  /** Whether tokens for the same scopes differ from one key of the `protectedResourceMap` to the next. */
  readonly perResource: boolean;
}

/** No account is signed in. */
export interface SignedOut {
  readonly type: "signed-out";
  /** Whether a request may sign the visitor in, so that the page is to be asked for a token all the same. */
  readonly mayAcquire: boolean;
}

/** The account whose tokens a page uses. */
export type PageAccount = SignedIn | SignedOut;

/** A request that needs a token. */
export interface WantedToken {
  readonly url: string;
  readonly method: string;
  /** The scopes that the worker's map asks for. A page whose own map says otherwise gives no token. */
  readonly scopes: readonly string[];
  /** The headers that the worker would set, where there are any. A page whose own map says otherwise gives no token. */
  readonly headers?: EntryHeaders | undefined;
  /** Whether it loads a document. A page whose option `navigations` is off gives no token. */
  readonly isNavigation: boolean;
  /** Left out for bearer tokens. */
  readonly tokenType?: BoundTokenType;
}

/** The signature that a request needs beside its token. */
export interface WantedProof {
  /** The method of the request as it is sent. It may be `HEAD` in place of the wanted token's. */
  readonly method: string;
  /** The newest nonce of the resource server. */
  readonly nonce: string | null;
}

/** A token that the resource server refused. */
export interface Refusal {
  /** The `WWW-Authenticate` field of the 401 response. */
  readonly challenge: string;
  readonly accessToken: string;
  /** When the request with that token was sent, in milliseconds since the epoch. A token from before is no answer to it. */
  readonly sentAt: number;
}

/** Worker to page, with a port: whose page are you? Answered by `waiting`, then `identity`. */
export interface IdentifyQuestion {
  readonly type: "identify";
  /** The request that waits for the answer. A page that has the token at hand sends it along. */
  readonly wanted: WantedToken | null;
}

/** Worker to page, with a port: acquire an access token. Answered by `waiting`, then any answer. */
export interface AcquireQuestion {
  readonly type: "acquire";
  /** The account as the page has named it. */
  readonly account: PageAccount;
  readonly wanted: WantedToken;
  /** `renewal` goes past the cache and never bothers the user. */
  readonly purpose: "request" | "renewal";
  /** The token that was refused before. */
  readonly refusal: Refusal | null;
}

/**
 * Worker to page, with a port: sign for one request, where the page has the key. Answered by `waiting`, then a token with its
 * proof, or `bare` when the page has no token at hand.
 */
export interface ProveQuestion {
  readonly type: "prove";
  readonly account: PageAccount;
  readonly wanted: WantedToken;
  readonly proof: WantedProof;
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

export type Question = IdentifyQuestion | AcquireQuestion | ProveQuestion;
/**
 * Worker to page, after an `announce`: no map of this worker has these entries of the page's map. A worker of the site's own
 * brings its maps itself, and can be older or newer than the page.
 */
export interface LackingNotice {
  readonly type: "lacking";
  /** Keys of the page's map. */
  readonly keys: readonly string[];
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

/**
 * Worker to page: a listener of the site's own worker answered a request of this page ahead of `registerTokenRoute`, without a
 * token, and the resource server refused the request.
 */
export interface PreemptedNotice {
  readonly type: "preempted";
}

export type WorkerMessage =
  | Question
  | PendingNotice
  | ObservedNotice
  | RunningNotice
  | SendingNotice
  | LackingNotice
  | ProofRefusedNotice
  | FailedNotice
  | PreemptedNotice;

/** Page to worker: the page is alive, and its answer may take this long. Sent at once, and again while it lasts. */
export interface Waiting {
  readonly type: "waiting";
  readonly milliseconds: number;
}

/** An access token, and its times in milliseconds since the epoch. */
export interface GivenToken {
  readonly accessToken: string;
  /** The worker stops sending the token here, since the token might end on its way. */
  readonly endsAt: number;
  /** The worker asks for the successor here, while it still uses the token. */
  readonly renewAt: number;
  /**
   * The signer of proofs for a DPoP token: the key pair, whose private key cannot be read, or the page. Left out for bearer
   * tokens.
   */
  readonly signer?: ProofSigner;
}

export type ProofSigner = CryptoKeyPair | "page";

/** A request that a worker sent for a page and never answered, because the worker died. */
export interface UnansweredRequest {
  readonly lock: string;
  /** Method and URL. */
  readonly request: string;
}

/** Page to worker, as an answer: whose page this is. As an answer to `acquire` it says that the account has changed. */
export interface IdentityAnswer {
  readonly type: "identity";
  readonly account: PageAccount;
  /** The page's map, as `mapText` writes it. */
  readonly map: string;
  /** Whether the page listens to `request` events. */
  readonly observing: boolean;
  readonly unanswered: readonly UnansweredRequest[];
  /** The wanted token, where the page has it at hand. */
  readonly token: GivenToken | null;
}

/** Page to worker, as an answer: the token. */
export interface TokenAnswer {
  readonly type: "token";
  /** The account that it belongs to. */
  readonly account: SignedIn;
  readonly token: GivenToken;
  /** The answer to `prove`: good for one request. */
  readonly proof?: string;
}

/** The reason why a page had no token, as its `tokenfailed` event has it. */
export interface TokenFailure {
  readonly code: BearerWorkerErrorCode;
  readonly reason: string | null;
  readonly correlationId: string | null;
}

/** Page to worker, as an answer: there is no token for this request, which goes out as the page made it. */
export interface BareAnswer {
  readonly type: "bare";
  /** Left out when the page has emitted no event. */
  readonly failure?: TokenFailure;
}

/** Page to worker, as an answer: a token cannot be had now, so the request fails as a network error. */
export interface UnavailableAnswer {
  readonly type: "unavailable";
  /** Left out when the page has emitted no event. */
  readonly failure?: TokenFailure;
}

/**
 * Page to worker, as an answer to a question of another version: this page cannot answer it. The one message that stays the
 * same in every version; it carries the version of the question.
 */
export interface IncompatibleAnswer {
  readonly type: "incompatible";
}

export type Answer = IdentityAnswer | TokenAnswer | BareAnswer | UnavailableAnswer | IncompatibleAnswer;
export type Reply = Waiting | Answer;

/** Page to worker: this is my account. Sent when a page attaches, returns from the back-forward cache or changes its account. */
export interface AnnounceNotice {
  readonly type: "announce";
  readonly account: PageAccount;
  /** The page's map, as `mapText` writes it. */
  readonly map: string;
  readonly observing: boolean;
}

/**
 * Page to worker: take control of me. A hard reload leaves a page without its worker. A worker that waits for the old one is
 * kept alive until it is active.
 */
export interface ClaimNotice {
  readonly type: "claim";
}

export type PageNotice = AnnounceNotice | ClaimNotice;

type Sealed<Message> = Message & { readonly bearerWorker: number };

/** A message as it travels: it carries the version. */
export const seal = <Message extends WorkerMessage | PageNotice | Reply>(
  message: Message,
  version = PROTOCOL_VERSION,
): Sealed<Message> => ({ ...message, bearerWorker: version });
