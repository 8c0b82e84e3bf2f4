import type { BearerWorkerErrorCode } from "./errors.ts";
import type { PageAccount, SignedIn } from "./page-account.ts";

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
