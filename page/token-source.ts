/** The change that a refused token asks of the next request for one. */
export interface Challenge {
  /** JSON of a claims request. */
  readonly claims?: string;
  /** RFC 9470: authentication context class references, separated by spaces. */
  readonly acrValues?: string;
  /** RFC 9470: seconds since the user's authentication. */
  readonly maxAge?: string;
}

/** What to acquire an access token for. */
export interface TokenRequest {
  /** Sorted, so that identity libraries recognize equal requests. */
  readonly scopes: readonly string[];
  /** The protected resource's URL. */
  readonly url: string;
  readonly method: string;
  /** Go past the cache: the resource server refused the token in it, or it is about to end. */
  readonly forceRefresh: boolean;
  /** What the resource server asked for when it refused the last token. Empty where it asked for nothing in particular. */
  readonly challenge: Challenge;
  /**
   * How many earlier requests like this one were not answered in time, and may still wait. An identity library that puts
   * equal requests together must not let this one wait with them.
   */
  readonly unanswered: number;
}

/** An access token as an identity library hands it out. */
export interface AccessToken {
  readonly accessToken: string;
  /** The account that it belongs to, as `TokenSource.account` names it. */
  readonly account: string;
  readonly expiresOn: Date;
  /** When its successor should be fetched, where the provider says so. */
  readonly refreshOn?: Date | undefined;
  /** For the `tokenacquired` event. */
  readonly fromCache?: boolean | undefined;
}

/**
 * Where access tokens come from. An MSAL instance is made into one; any identity library can be another, in a few
 * dozen lines. Requests for the same scopes at the same time are put together before they come here.
 *
 * @see examples/oidc-client-ts
 */
export interface TokenSource {
  /** The identity provider's origins: no token ever goes there. */
  readonly providerOrigins: readonly string[];
  /** URLs of pages that take the provider's answers. They get no token either; empty where there are none. */
  readonly redirectPages: readonly string[];
  /** Resolves when accounts and tokens can be asked for; a pending redirect has been handled then. */
  ready(): Promise<void>;
  /** The account whose tokens this page uses now, as an opaque string without spaces, or `null`. Asked often. */
  account(): string | null;
  /**
   * Acquires without the user: cache, refresh token, hidden iframe.
   *
   * @throws BearerWorkerError `interaction_required` when the user has to act. With any other error requests fail as
   * network errors, and the next one tries again.
   */
  acquireSilent(request: TokenRequest): Promise<AccessToken>;
  /**
   * Acquires with the user. Called within a click where there was one.
   *
   * @param settled aborts once this has settled, for what it left running
   * @returns the token, or `null` when the page is leaving for a redirect
   * @throws BearerWorkerError `popup_blocked`, `popup_closed`, or any other error
   */
  acquireInteractive(
    request: TokenRequest,
    by: "popup" | "redirect",
    settled: AbortSignal,
  ): Promise<AccessToken | null>;
  /**
   * Calls back after every change of `account()`: `"interaction"` when the user has just signed in, even as the same
   * one, so that who declined before is asked again, and `"account"` for all else, where a call too many does no harm.
   *
   * @returns a function that stops it
   */
  subscribe(listener: (change: "account" | "interaction") => void): () => void;
}
