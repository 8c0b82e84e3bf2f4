import { mustNotRepeat } from "../pipeline/must-not-repeat.ts";
import type { RequestMatch } from "../pipeline/request-matcher.ts";
import { tokenKey } from "../pipeline/token-key.ts";
import type { SignedIn } from "../protocol/page-account.ts";
import type { WantedToken } from "../protocol/questions.ts";

/** A request that needs a token. */
export interface TokenDemand {
  /** The client that made it. Empty for a navigation, a request that a library of the worker makes anew, and an event that is no fetch. */
  readonly clientId: string;
  readonly isNavigation: boolean;
  /** Whether the client cannot go on loading without the response. */
  readonly blocksLoading: boolean;
  /** Whether it may be sent twice. */
  readonly mayRepeat: boolean;
  readonly url: string;
  readonly method: string;
  readonly match: RequestMatch;
  /** Hears that the request waits for a page's answer. */
  noteAsking(): void;
  /** Keeps the worker alive until `work` is done. */
  waitUntil(work: Promise<unknown>): void;
}

export const demandOf = (
  request: Request,
  clientId: string,
  match: RequestMatch,
  waitUntil: TokenDemand["waitUntil"],
  noteAsking: TokenDemand["noteAsking"] = () => undefined,
): TokenDemand => ({
  clientId,
  isNavigation: request.mode === "navigate",
  blocksLoading: request.destination === "script" || request.destination === "style",
  mayRepeat: !mustNotRepeat(request),
  url: request.url,
  method: request.method,
  match,
  noteAsking,
  waitUntil,
});

/** The key under which an account's token for a request is kept. */
export const memoryKey = (account: SignedIn, { match }: TokenDemand): string =>
  `${match.server} ${tokenKey(account, match)}`;

/** The request as a page is told of it. */
export const wantedBy = ({ url, method, match, isNavigation }: TokenDemand): WantedToken => ({
  url,
  method,
  scopes: match.scopes,
  headers: match.headers,
  isNavigation,
  ...(match.tokenType && { tokenType: match.tokenType }),
});
