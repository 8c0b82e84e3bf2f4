import type { BoundTokenType } from "../protocol/token-type.ts";

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
  /** `"DPoP"`: the token has to be bound to a key. Left out for bearer tokens. */
  readonly tokenType?: BoundTokenType | undefined;
  /** Go past the cache: the resource server refused the token in it, or it is about to end. */
  readonly forceRefresh: boolean;
  /** The resource server's demands when it refused the last token. Empty when it had none in particular. */
  readonly challenge: Challenge;
  /**
   * 0, unless earlier requests like this one were not answered in time and still wait: then a number that none of them has.
   * An identity library that puts equal requests together must not let this one wait with them.
   */
  readonly unanswered: number;
}

/** A request for which a proof is signed. */
export interface ProofRequest {
  /** Without query and fragment, as the proof names it. */
  readonly url: string;
  readonly method: string;
  /** The resource server's nonce, if it has sent any. */
  readonly nonce: string | null;
}

/** The proof of one request, and the token that it belongs to. */
export interface ProvenToken extends AccessToken {
  readonly proof: string;
}

/** Signs the proof of one request. Called for each, and for each replay. The token can be newer than the last one. */
export type SignProof = (request: ProofRequest) => Promise<ProvenToken>;

/** An access token as an identity library hands it out. */
export interface AccessToken {
  readonly accessToken: string;
  /** The account that it belongs to, as `TokenSource.account` names it. */
  readonly account: string;
  readonly expiresOn: Date;
  /** The time at which its successor should be fetched, if the provider says so. */
  readonly refreshOn?: Date | undefined;
  /**
   * The signer of a DPoP token's proofs; left out for bearer tokens. A key pair of ECDSA on P-256, whose private key must not be
   * extractable, is handed to the worker, which signs without the page. A function is for identity libraries that keep
   * their key: the worker asks the page for each request.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9449
   */
  readonly signer?: CryptoKeyPair | SignProof | undefined;
  /** For the `tokenacquired` event. */
  readonly fromCache?: boolean | undefined;
  /** The library's own id of the acquisition, for the `tokenacquired` event. An error may have such a field, too. */
  readonly correlationId?: string | undefined;
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
  /** The type of all its tokens, whatever the map says. Left out if the map decides. */
  readonly tokenType?: BoundTokenType | undefined;
  /**
   * Whether the source itself keeps a page from leaving again where coming back has changed nothing, as MSAL's source does by
   * the outcome of the last redirect, and ends a redirect that does not happen. Default: false, and the page does both itself.
   */
  readonly guardsRedirects?: boolean;
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
   * Acquires with the user. Called within a click if there was one. A redirect has 10 seconds: settle as soon as the page begins
   * to leave, since the user may stay.
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
