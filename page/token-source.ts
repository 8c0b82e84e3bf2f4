import type { Challenge } from "./challenge.ts";

/** What to acquire an access token for. */
export interface TokenRequest {
  /** Sorted, so that identity libraries recognize equal requests. */
  readonly scopes: readonly string[];
  /** The protected resource's URL. */
  readonly url: string;
  readonly method: string;
  /** Go past the cache: the resource server refused the token in it, or it is about to end. */
  readonly forceRefresh: boolean;
  /** What the resource server asked for when it refused the last token. */
  readonly challenge: Challenge;
}

/** An access token as an identity library hands it out. */
export interface AccessToken {
  readonly accessToken: string;
  /** The account that it belongs to, as `TokenSource.account` names it. */
  readonly account: string;
  readonly expiresOn: Date;
  /** When its successor should be fetched, where the provider says so. */
  readonly refreshOn?: Date | undefined;
  readonly fromCache?: boolean | undefined;
}

/** Where access tokens come from. MSAL is one; any identity library can be another. */
export interface TokenSource {
  /** The identity provider's origins: no token ever goes there. */
  readonly providerOrigins: readonly string[];
  /** URLs of pages that take the provider's answers. */
  readonly redirectPages: readonly string[];
  /** Resolves when accounts and tokens can be asked for; a pending redirect has been handled then. */
  ready(): Promise<void>;
  /** The account whose tokens this page uses now, as an opaque string without spaces, or `null`. */
  account(): string | null;
  /**
   * Acquires without the user: cache, refresh token, hidden iframe.
   *
   * @throws BearerWorkerError `interaction_required` when the user has to act, or any other error
   */
  acquireSilent(request: TokenRequest): Promise<AccessToken>;
  /**
   * Acquires with the user. Called within a click where there was one.
   *
   * @param settled aborts when the result does not matter any more
   * @returns the token, or `null` when the page is leaving for a redirect
   * @throws BearerWorkerError `popup_blocked`, `popup_closed`, or any other error
   */
  acquireInteractive(
    request: TokenRequest,
    by: "popup" | "redirect",
    settled: AbortSignal,
  ): Promise<AccessToken | null>;
  /**
   * Calls back when an account signed in, signed out or changed, and after an interaction that succeeded.
   *
   * @returns a function that stops it
   */
  subscribe(listener: (change: "account" | "interaction") => void): () => void;
}
