/** A resource server's demands on the next token, from the challenge with which it refused the last one. */
export interface Challenge {
  /** JSON of a claims request. */
  readonly claims?: string;
  /** RFC 9470: authentication context class references, separated by spaces. */
  readonly acrValues?: string;
  /** RFC 9470: seconds since the user's authentication. */
  readonly maxAge?: string;
}

/** A request for an access token. */
export interface TokenRequest {
  /** Sorted, so that identity libraries recognize equal requests. */
  readonly scopes: readonly string[];
  /** The protected resource's URL. */
  readonly url: string;
  readonly method: string;
  /** Go past the cache: the resource server refused the token in it, or it is about to end. */
  readonly forceRefresh: boolean;
  /** The resource server's demands when it refused the last token. Empty when it had none in particular. */
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
  /** The time at which its successor should be fetched, if the provider says so. */
  readonly refreshOn?: Date | undefined;
  /** For the `tokenacquired` event. */
  readonly fromCache?: boolean | undefined;
}

/** A window in which the user signs in. */
export interface SignInPopup {
  /** Whether the user still has to do something in it, as far as the page can tell. */
  isOpen(): boolean;
  /** Brings it to the front. */
  focus(): void;
}

/**
 * An identity library, as the source of access tokens. An MSAL instance is made into one; any other library can be one, in
 * a few dozen lines. Requests for the same scopes at the same time are put together before they come here.
 *
 * @see examples/oidc-client-ts
 */
export interface TokenSource {
  /** The identity provider's origins: no token ever goes there. */
  readonly providerOrigins: readonly string[];
  /** URLs of pages that take the provider's answers. They get no token either. */
  readonly redirectPages: readonly string[];
  /** Whether tokens for the same scopes differ from one key of the map to the next. Default: false. */
  readonly perResource?: boolean;
  /** Resolves when accounts and tokens can be asked for; a pending redirect has been handled then. */
  ready(): Promise<void>;
  /** The account whose tokens this page uses now, as an opaque string without spaces, or `null`. Called often. */
  account(): string | null;
  /**
   * Acquires without the user: cache, refresh token, hidden iframe.
   *
   * @throws BearerWorkerError `interaction_required` when the user has to act. With any other error requests fail as
   * network errors, and the next one tries again.
   */
  acquireSilent(request: TokenRequest): Promise<AccessToken>;
  /**
   * Acquires with the user. Called within a click if there was one.
   *
   * @param settled aborts once this has settled, to end all that it left running
   * @param opened takes the popup, so that the user can bring it back from behind other windows
   * @returns the token, or `null` when the page is leaving for a redirect
   * @throws BearerWorkerError `popup_blocked`, `popup_closed`, or any other error
   */
  acquireInteractive(
    request: TokenRequest,
    by: "popup" | "redirect",
    settled: AbortSignal,
    opened: (popup: SignInPopup) => void,
  ): Promise<AccessToken | null>;
  /**
   * Calls back after every change of `account()`: `"interaction"` when the user has just signed in, even as the same
   * account, so that a user who declined before is asked again; `"account"` for all else, where a call too many does no harm.
   * `"stayed"` says that the page could not leave for a redirect after all.
   *
   * @returns a function that stops it
   */
  subscribe(listener: (change: SourceChange) => void): () => void;
}

/** The change of which a `TokenSource` tells. */
export type SourceChange = "account" | "interaction" | "stayed";
