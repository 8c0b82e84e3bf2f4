import type { EntryHeaders } from "./entry-headers.ts";
import type { PageAccount } from "./page-account.ts";
import type { BoundTokenType } from "./token-type.ts";

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
  /** The id of the account that the token belongs to. No other account is asked for a new one. */
  readonly account: string;
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

export type Question = IdentifyQuestion | AcquireQuestion | ProveQuestion;
