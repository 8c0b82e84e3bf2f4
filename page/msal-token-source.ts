import type {
  AccountInfo,
  AuthenticationResult,
  EndSessionRequest,
  IPublicClientApplication,
  PopupRequest,
  RedirectRequest,
  SilentRequest,
} from "@azure/msal-browser";
import { EventType } from "@azure/msal-browser";
import { BearerWorkerError } from "../protocol/errors.ts";
import { PER_RESOURCE } from "../protocol/token-key.ts";
import type { RedirectReturn } from "./msal-interaction.ts";
import { providerOrigins } from "./msal-provider-origins.ts";
import type { AccessToken, TokenRequest, TokenSource } from "./token-source.ts";

/** Fields that are added to MSAL's requests, such as `claims`, `extraQueryParameters`, `prompt` or `authority`. */
export type MsalAuthRequest = Partial<
  Omit<SilentRequest & PopupRequest & RedirectRequest, "scopes" | "account">
>;

/** A request as MSAL takes it, silent or not. */
export type MsalRequest = MsalAuthRequest & { scopes: string[]; account?: AccountInfo };

export interface MsalOptions {
  /**
   * Fields for MSAL's requests, or a function that gives them, as in msal-angular. A function is asked once for each key
   * of the map and token, not for each request. Only bearer tokens can be attached, whatever `authenticationScheme` says.
   */
  authRequest?:
    | MsalAuthRequest
    | ((
        msal: IPublicClientApplication,
        request: { readonly url: string; readonly method: string },
        defaults: { account: AccountInfo | null; scopes: readonly string[] },
      ) => MsalAuthRequest);
  /** Whose tokens this page uses. Default: the active account, else the first. */
  account?: (msal: IPublicClientApplication) => AccountInfo | null;
}

/** Not as a method, since it is taken off MSAL, and put back. */
type ClearCache = (
  this: IPublicClientApplication,
  ...request: Parameters<IPublicClientApplication["clearCache"]>
) => Promise<void>;

/** Those that MSAL raises when accounts change. A function, so that bundlers can leave MSAL out where nobody attaches. */
const accountEvents = (): EventType[] => [
  EventType.LOGIN_SUCCESS,
  EventType.LOGOUT_START,
  EventType.ACTIVE_ACCOUNT_CHANGED,
  EventType.ACQUIRE_TOKEN_SUCCESS,
];

/** Apart, since most page loads never need it. */
const loadInteraction = () => import("./msal-interaction.ts");

/** The same: few apps have wishes of their own, and few tokens are refused. */
const loadRequest = () => import("./msal-request.ts");

/**
 * MSAL as a source of tokens. The adopter brings the instance.
 *
 * @throws BearerWorkerError `invalid_options` for an `authRequest` that asks for tokens bound to a key
 */
export function msalTokenSource(
  msal: IPublicClientApplication,
  { account: accountOption, authRequest }: MsalOptions,
): TokenSource {
  const { auth } = msal.getConfiguration();
  // A function has none of these.
  const wishes = Object(authRequest) as MsalAuthRequest;
  if (!isBearer(wishes.authenticationScheme)) throw notBearer("invalid_options");
  const origins = providerOrigins(auth, wishes.authority);
  /** Ids of accounts that this page used. */
  const used = new Set<string>();
  /** Those that signed out in this or another tab, until MSAL has forgotten them. */
  const signedOut = new Set<string>();
  /** The error or the scopes with which this page load came back from a redirect. */
  let returned: RedirectReturn = null;

  const currentAccount = (): AccountInfo | null => {
    let account: AccountInfo | null | undefined;
    try {
      account = accountOption ? accountOption(msal) : (msal.getActiveAccount() ?? msal.getAllAccounts()[0]);
    } catch (error) {
      // The requests that wait would never hear of it.
      reportError(error);
    }
    if (!account?.homeAccountId || signedOut.has(account.homeAccountId)) return null;
    used.add(account.homeAccountId);
    return account;
  };

  /** One user can have an account in several tenants. What a function wants may differ by resource. */
  const idOf = ({ homeAccountId, tenantId }: AccountInfo): string =>
    `${typeof authRequest === "function" ? PER_RESOURCE : ""}${homeAccountId}.${tenantId}`;

  const msalRequest = async (request: TokenRequest, account: AccountInfo | null): Promise<MsalRequest> => {
    const plain: MsalRequest = { scopes: [...request.scopes], ...(account && { account }) };
    if (!authRequest && !Object.keys(request.challenge).length && !request.unanswered) return plain;
    return (await loadRequest()).extendRequest(plain, msal, authRequest, request, origins);
  };

  const accessToken = (
    { accessToken, account, expiresOn, refreshOn, fromCache, tokenType }: AuthenticationResult,
    asked: AccountInfo | null,
  ): AccessToken => {
    // A token bound to a key needs a proof for each request (PoP, DPoP); OpenID scopes alone give no access token.
    if (!isBearer(tokenType) || !accessToken || !expiresOn) throw notBearer("unsupported_token_type");
    // With an authority of its own, a request's token is that of the same user in another tenant.
    const owner = asked?.homeAccountId === account.homeAccountId ? asked : account;
    return { accessToken, account: idOf(owner), expiresOn, refreshOn, fromCache };
  };

  return {
    providerOrigins: origins,
    // The current page stands for one that is not set, and differs from page to page.
    redirectPages: [auth.redirectUri, auth.postLogoutRedirectUri, wishes.redirectUri].filter(
      (uri): uri is string => !!uri,
    ),

    async ready() {
      await msal.initialize();
      returned = await msal.handleRedirectPromise().catch((error: unknown) => ({ error }));
      // By the time they are needed, the server may have them no more.
      for (const load of [loadInteraction, loadRequest]) void load().catch(() => undefined);
    },

    account() {
      const account = currentAccount();
      return account && idOf(account);
    },

    async acquireSilent(request) {
      const account = currentAccount();
      const silent = await msalRequest(request, account);
      const { acrValues, maxAge } = request.challenge;
      // RFC 9470 speaks of the user's authentication, which nothing silent can renew.
      if (acrValues ?? maxAge) throw interactionRequired();
      try {
        return accessToken(
          account
            ? await msal.acquireTokenSilent({
                ...silent,
                // Claims go past the cache by themselves.
                ...(request.forceRefresh && !silent.claims && { forceRefresh: true }),
              })
            : await msal.ssoSilent(silent),
          account,
        );
      } catch (cause) {
        // By name: an app may bring a copy of MSAL that is not ours.
        if ((cause as Error).name !== "InteractionRequiredAuthError") throw cause;
        throw interactionRequired(cause);
      }
    },

    async acquireInteractive(request, by, settled) {
      const { acquireInteractive } = await loadInteraction();
      const account = currentAccount();
      const interactive = await msalRequest(request, account);
      const result = await acquireInteractive(msal, by, interactive, returned, settled);
      return result && accessToken(result, account);
    },

    subscribe(listener) {
      // Who signs out in one tab has signed out in all. MSAL's sessionStorage is per tab, and each tab has to forget.
      const channel = new BroadcastChannel(`bearer-worker:${auth.clientId}`);
      channel.onmessage = ({ data }) => {
        // Whoever speaks here: only accounts of this tab count.
        const ids: unknown[] = [data].flat();
        for (const account of msal.getAllAccounts()) {
          if (!ids.includes(account.homeAccountId)) continue;
          signedOut.add(account.homeAccountId);
          void msal.clearCache({ account });
        }
        listener("account");
      };
      const changed = (): void => {
        listener("account");
        // MSAL changes the active account before it removes the accounts that it clears.
        setTimeout(() => listener("account"));
      };
      // It raises no event unless one of its accounts is active.
      const { clearCache } = msal as { clearCache: ClearCache };
      msal.clearCache = (request) => {
        const cleared = clearCache.call(msal, request);
        changed();
        return cleared;
      };
      const id = msal.addEventCallback(({ eventType, interactionType, payload }) => {
        if (eventType === EventType.LOGOUT_START) {
          // Without an account it is all of them, and MSAL may have forgotten them by now.
          const account = (payload as EndSessionRequest | null)?.account;
          const ids = account ? [account.homeAccountId] : [...used];
          for (const id of ids) signedOut.add(id);
          channel.postMessage(ids);
        } else if (
          eventType === EventType.LOGIN_SUCCESS ||
          (interactionType && interactionType !== "silent")
        ) {
          signedOut.clear();
          listener("interaction");
        }
        changed();
      }, accountEvents());
      return () => {
        msal.clearCache = clearCache;
        msal.removeEventCallback(id as string);
        channel.close();
      };
    },
  };
}

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to act", { cause });

const notBearer = (code: "invalid_options" | "unsupported_token_type"): BearerWorkerError =>
  new BearerWorkerError(code, "Only bearer tokens: see authRequest");

const isBearer = (scheme = "Bearer"): boolean => /^bearer$/i.test(scheme);
