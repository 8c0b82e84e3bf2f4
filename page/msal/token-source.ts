import type { AccountInfo, AuthenticationResult, IPublicClientApplication } from "@azure/msal-browser";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { lazily, preload } from "../lazily.ts";
import type { AccessToken, TokenRequest, TokenSource } from "../token-source.ts";
import { MsalAccounts } from "./accounts.ts";
import { isBearer, type MsalOptions, type MsalRequest } from "./options.ts";
import { providerOrigins } from "./provider-origins.ts";
import type { RedirectReturn } from "./redirect.ts";
import { extendRequest } from "./request.ts";

/**
 * MSAL as a source of tokens. The adopter brings the instance.
 *
 * @throws BearerWorkerError `invalid_options` for an `authRequest` that asks for tokens bound to a key
 */
export function msalTokenSource(
  msal: IPublicClientApplication,
  { account: chooseAccount, authRequest }: MsalOptions,
): TokenSource {
  const { auth } = msal.getConfiguration();
  const fixed = typeof authRequest === "object" ? authRequest : {};
  if (!isBearer(fixed.authenticationScheme)) {
    throw new BearerWorkerError(
      "invalid_options",
      `The option "authRequest" asks for the authentication scheme ${fixed.authenticationScheme}. Only bearer tokens can be attached: remove "authenticationScheme".`,
    );
  }
  const origins = providerOrigins(auth, fixed.authority);
  const accounts = new MsalAccounts(msal, chooseAccount);
  /** Popup and redirect. Most page loads never need them. */
  const interactive = lazily(() => import("./interactive.ts"));
  /** The outcome of the redirect from which this page load came back. */
  let returned: RedirectReturn = null;
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

    async ready() {
      // Another page may wait for the answer in this page's URL.
      if (/[#?&]state=/.test(location.href)) await (await import("./answer.ts")).stopAnswerPage();
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
      const { acrValues, maxAge } = request.challenge;
      // RFC 9470 asks for the user's authentication, which nothing silent can renew.
      if (acrValues ?? maxAge) throw interactionRequired();
      // Claims go past the cache by themselves.
      const forceRefresh = request.forceRefresh && !silent.claims;
      try {
        const result = account
          ? await msal.acquireTokenSilent({ ...silent, ...(forceRefresh && { forceRefresh }) })
          : await msal.ssoSilent(silent);
        return accessTokenOf(result, account);
      } catch (cause) {
        if (isInteractionRequired(cause)) throw interactionRequired(cause);
        throw cause;
      }
    },

    async acquireInteractive(request, by, settled, opened) {
      const { acquireByPopup, acquireByRedirect } = await interactive();
      const account = accounts.current();
      const asked = msalRequest(request, account);
      if (by === "popup") return accessTokenOf(await acquireByPopup(msal, asked, settled, opened), account);
      await acquireByRedirect(msal, asked, returned, settled, (error) => {
        returned = { error };
        stayed();
      });
      return null;
    },

    subscribe(listener) {
      stayed = () => listener("stayed");
      return accounts.subscribe(listener);
    },
  };
}

/** One user can have an account in several tenants. */
const idOf = ({ homeAccountId, tenantId }: AccountInfo): string => `${homeAccountId}.${tenantId}`;

function accessTokenOf(
  { accessToken, account, expiresOn, refreshOn, fromCache, tokenType }: AuthenticationResult,
  asked: AccountInfo | null,
): AccessToken {
  // A token bound to a key needs a proof for each request (PoP, DPoP). OpenID scopes alone give no access token.
  if (!isBearer(tokenType) || !accessToken || !expiresOn) {
    throw new BearerWorkerError(
      "unsupported_token_type",
      "The identity provider gave no bearer token for this resource. Ask for a scope of the API, and for no other authentication scheme.",
    );
  }
  // With an authority of its own, a request's token is that of the same user in another tenant.
  const owner = asked?.homeAccountId === account.homeAccountId ? asked : account;
  return { accessToken, account: idOf(owner), expiresOn, refreshOn, fromCache };
}

/** By name: an app may bring a copy of MSAL that is not ours. */
const isInteractionRequired = (error: unknown): boolean =>
  error instanceof Error && error.name === "InteractionRequiredAuthError";

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The identity provider wants the user to act.", { cause });
