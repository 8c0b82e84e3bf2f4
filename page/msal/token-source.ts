import type { AccountInfo, AuthenticationResult, IPublicClientApplication } from "@azure/msal-browser";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { lazily, preload } from "../lazily.ts";
import type { AccessToken, TokenRequest, TokenSource } from "../token-source.ts";
import { MsalAccounts } from "./accounts.ts";
import { isBearer, isDpop, type MsalOptions, type MsalRequest } from "./options.ts";
import { providerOrigins } from "./provider-origins.ts";
import type { RedirectReturn } from "./redirect.ts";
import { extendRequest, SCHEMES } from "./request.ts";
import { SilentRequests } from "./silent-requests.ts";
import { readAnswer } from "./url-answer.ts";

/**
 * MSAL as a source of tokens. The adopter brings the instance.
 *
 * @throws BearerWorkerError `invalid_options` for an `authRequest` whose scheme cannot be attached
 */
export function msalTokenSource(
  msal: IPublicClientApplication,
  { account: chooseAccount, authRequest }: MsalOptions,
): TokenSource {
  const { auth } = msal.getConfiguration();
  const fixed = typeof authRequest === "object" ? authRequest : {};
  const tokenType = isDpop(fixed.authenticationScheme) ? "DPoP" : undefined;
  if (!tokenType && !isBearer(fixed.authenticationScheme)) {
    throw new BearerWorkerError(
      "invalid_options",
      `The option "authRequest" asks for the authentication scheme ${fixed.authenticationScheme}. ${SCHEMES}`,
    );
  }
  const origins = providerOrigins(auth, fixed.authority);
  const accounts = new MsalAccounts(msal, chooseAccount);
  const silentRequests = new SilentRequests(msal);
  /** Popup and redirect. Most page loads never need them. */
  const interactive = lazily(() => import("./interactive.ts"));
  /** For developers. */
  const missingCapability = lazily(() => import("./missing-capability.ts"));
  /** The outcome of the redirect from which this page load came back, or with which the page has stayed. */
  let returned: RedirectReturn = null;
  /** By `performance.now`. */
  let returnedAt = 0;
  let stayed = (): void => undefined;

  const msalRequest = (request: TokenRequest, account: AccountInfo | null): MsalRequest => {
    const plain: MsalRequest = { scopes: [...request.scopes], ...(account && { account }) };
    return extendRequest(plain, msal, authRequest, request, origins);
  };

  return {
    providerOrigins: origins,
    // A redirect URI that is not set stands for the current page, and differs from page to page.
    redirectPages: [auth.redirectUri, auth.postLogoutRedirectUri, fixed.redirectUri].filter(
      (uri): uri is string => !!uri,
    ),
    // A function may ask for something else for each resource.
    perResource: typeof authRequest === "function",
    tokenType,
    guardsRedirects: true,

    async ready() {
      // Another page may wait for the answer in this page's URL. The answer to a redirect is this page's own.
      const answer = readAnswer();
      if (answer && answer.interaction !== "redirect") await (await import("./answer.ts")).stopAnswerPage();
      await msal.initialize();
      const result = await msal.handleRedirectPromise().catch((error: unknown) => ({ error }));
      returned = result;
      preload(interactive);
    },

    account() {
      const account = accounts.current();
      return account && idOf(account);
    },

    async acquireSilent(request) {
      const account = accounts.current();
      const silent = msalRequest(request, account);
      const { acrValues, maxAge, claims } = request.challenge;
      if (claims)
        void missingCapability().then(({ warnOfMissingCapability }) => warnOfMissingCapability(msal), ignore);
      // RFC 9470 asks for the user's authentication, which nothing silent can renew.
      if (acrValues ?? maxAge) throw interactionRequired();
      try {
        const result = account
          ? await silentRequests.send(silent, request.forceRefresh)
          : await msal.ssoSilent(silent);
        return accessTokenOf(msal, result, account, silent);
      } catch (cause) {
        throw inOurWords(cause);
      }
    },

    async acquireInteractive(request, by, settled, opened) {
      const { acquireByPopup, acquireByRedirect } = await interactive();
      const account = accounts.current();
      const asked = msalRequest(request, account);
      if (by === "popup") {
        const acquiring = acquireByPopup(msal, asked, settled, opened);
        const result = await acquiring.catch((cause: unknown) => {
          throw isMismatch(cause) ? inOurWords(cause) : cause;
        });
        return accessTokenOf(msal, result, account, asked);
      }
      const recent = (): RedirectReturn => (performance.now() < returnedAt + RECENT ? returned : null);
      await acquireByRedirect(msal, asked, recent, settled, (error) => {
        returned = { error };
        returnedAt = performance.now();
        stayed();
      });
      return null;
    },

    subscribe(listener) {
      stayed = () => listener("stayed");
      return accounts.subscribe(listener, returned && "account" in returned ? returned.account : null);
    },
  };
}

const ignore = (): void => undefined;

/** For how many milliseconds a page has just come back from a redirect, or has just stayed. */
const RECENT = 300_000;

/** One user can have an account in several tenants. */
const idOf = ({ homeAccountId, tenantId }: AccountInfo): string => `${homeAccountId}.${tenantId}`;

function accessTokenOf(
  msal: IPublicClientApplication,
  { accessToken, account, expiresOn, refreshOn, fromCache, correlationId, tokenType }: AuthenticationResult,
  asked: AccountInfo | null,
  request: MsalRequest,
): AccessToken {
  const isBound = isDpop(request.authenticationScheme);
  // OpenID scopes alone give no access token. MSAL before 5.29 knows no DPoP, and gives a bearer token.
  if (!(isBound ? isDpop(tokenType) : isBearer(tokenType)) || !accessToken || !expiresOn)
    throw isBound ? noDpop() : noBearer();
  // With an authority of its own, a request's token is that of the same user in another tenant.
  const owner = asked?.homeAccountId === account.homeAccountId ? asked : account;
  const token: AccessToken = {
    accessToken,
    account: idOf(owner),
    expiresOn,
    refreshOn,
    fromCache,
    correlationId,
  };
  if (!isBound) return token;
  const toToken = (result: AuthenticationResult): AccessToken => accessTokenOf(msal, result, asked, request);
  const signing = lazily(async () =>
    (await import("./signer.ts")).createSigner(msal, request, toToken, inOurWords),
  );
  return { ...token, signer: async (proof) => (await signing())(proof) };
}

/** MSAL's errors, where this package has a code of its own for them. */
function inOurWords(cause: unknown): unknown {
  if (isInteractionRequired(cause)) return interactionRequired(cause);
  return isMismatch(cause) ? noDpop(cause) : cause;
}

/** The provider has given a bearer token in place of a DPoP token. */
const isMismatch = (error: unknown): boolean =>
  (error as { readonly errorCode?: unknown } | null)?.errorCode === "dpop_token_type_mismatch";

const noBearer = (): BearerWorkerError =>
  new BearerWorkerError(
    "unsupported_token_type",
    "The identity provider gave no bearer token for this resource. Ask for a scope of the API, and for no other authentication scheme.",
  );

const noDpop = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError(
    "unsupported_token_type",
    'MSAL gave no DPoP token for this resource. It takes MSAL 5.29 or later, and a provider that binds tokens to a key. Remove tokenType: "DPoP" from the map if either is missing.',
    { cause },
  );

/** By name: an app may bring a copy of MSAL that is not ours. */
const isInteractionRequired = (error: unknown): boolean =>
  error instanceof Error && error.name === "InteractionRequiredAuthError";

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The identity provider wants the user to act.", { cause });
