import type {
  AccountInfo,
  AuthenticationResult,
  EventMessage,
  IPublicClientApplication,
  PopupRequest,
  RedirectRequest,
  SilentRequest,
} from "@azure/msal-browser";
import { EventType } from "@azure/msal-browser";
import { BearerWorkerError } from "../protocol/errors.ts";
import type { RedirectReturn } from "./msal-interaction.ts";
import type { AccessToken, TokenRequest, TokenSource } from "./token-source.ts";

/** Fields that are added to MSAL's requests, such as `claims`, `extraQueryParameters`, `prompt` or `authority`. */
export type MsalAuthRequest = Partial<Omit<SilentRequest & PopupRequest & RedirectRequest, "scopes" | "account">>;

export interface MsalOptions {
  /** Fields for MSAL's requests, or a function that gives them, as in msal-angular. */
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

/** Those that MSAL raises when accounts change. It passes sign-in, sign-out and switches on to other tabs. */
const ACCOUNT_EVENTS: EventType[] = [
  EventType.LOGIN_SUCCESS,
  EventType.LOGOUT_START,
  EventType.LOGOUT_SUCCESS,
  EventType.ACTIVE_ACCOUNT_CHANGED,
  EventType.ACQUIRE_TOKEN_SUCCESS,
];

/** Apart, since most page loads never need it. */
const loadInteraction = () => import("./msal-interaction.ts");

/** MSAL as a source of tokens. The adopter brings the instance. */
export function msalTokenSource(msal: IPublicClientApplication, options: MsalOptions): TokenSource {
  const { auth } = msal.getConfiguration();
  /** Accounts that signed out in this or another tab, until MSAL has forgotten them. */
  const signedOut = new Set<string>();
  /** The error or the scopes with which this page load came back from a redirect. */
  let returned: RedirectReturn = null;

  const currentAccount = (): AccountInfo | null => {
    const account = options.account
      ? options.account(msal)
      : (msal.getActiveAccount() ?? msal.getAllAccounts()[0] ?? null);
    return account && signedOut.has(account.homeAccountId) ? null : account;
  };

  const msalRequest = ({ url, method, scopes, challenge }: TokenRequest) => {
    const { authRequest } = options;
    const account = currentAccount();
    const extra =
      typeof authRequest === "function" ? authRequest(msal, { url, method }, { account, scopes }) : authRequest;
    const { claims, acrValues, maxAge } = challenge;
    return {
      ...extra,
      scopes: [...scopes],
      ...(account && { account }),
      ...(claims && { claims }),
      ...((acrValues ?? maxAge) && {
        extraQueryParameters: {
          ...extra?.extraQueryParameters,
          ...(acrValues && { acr_values: acrValues }),
          ...(maxAge && { max_age: maxAge }),
        },
      }),
    };
  };

  return {
    providerOrigins: providerOrigins(auth),
    redirectPages: [auth.redirectUri, auth.postLogoutRedirectUri].filter((uri) => typeof uri === "string"),

    async ready() {
      await msal.initialize();
      returned = await msal.handleRedirectPromise().catch((error: unknown) => ({ error }));
      // By the time it is needed, the server may have it no more.
      void loadInteraction().catch(() => undefined);
    },

    account: () => currentAccount()?.homeAccountId ?? null,

    async acquireSilent(request) {
      const silent = msalRequest(request);
      const { claims, acrValues, maxAge } = request.challenge;
      // RFC 9470 speaks of the user's authentication, which nothing silent can renew.
      if (acrValues ?? maxAge) throw interactionRequired();
      try {
        return accessToken(
          silent.account
            ? await msal.acquireTokenSilent({ ...silent, forceRefresh: request.forceRefresh && !claims })
            : await msal.ssoSilent(silent),
        );
      } catch (cause) {
        // By name: an app may bring a copy of MSAL that is not ours.
        if ((cause as Error).name !== "InteractionRequiredAuthError") throw cause;
        throw interactionRequired(cause);
      }
    },

    async acquireInteractive(request, by, settled) {
      const interactive = msalRequest(request);
      const { acquireByPopup, acquireByRedirect } = await loadInteraction();
      return by === "popup"
        ? accessToken(await acquireByPopup(msal, interactive, settled))
        : await acquireByRedirect(msal, interactive, returned);
    },

    subscribe(listener) {
      const id = msal.addEventCallback((message) => {
        const { eventType, interactionType } = message;
        if (eventType === EventType.ACQUIRE_TOKEN_SUCCESS) {
          if (interactionType === "silent") return;
          listener("interaction");
        }
        followSignOut(message, msal, signedOut);
        listener("account");
      }, ACCOUNT_EVENTS);
      return () => msal.removeEventCallback(id as string);
    },
  };
}

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to act", { cause });

/**
 * Who signs out in one tab has signed out in all. MSAL's sessionStorage is per tab, so each tab forgets the account by
 * itself; until it has, the account counts as gone.
 */
function followSignOut(
  { eventType, payload }: EventMessage,
  msal: IPublicClientApplication,
  signedOut: Set<string>,
): void {
  const { account = null, homeAccountId } = (payload ?? {}) as Partial<AccountInfo & { account: AccountInfo | null }>;
  if (eventType === EventType.LOGOUT_START || eventType === EventType.LOGOUT_SUCCESS) {
    for (const { homeAccountId } of account ? [account] : msal.getAllAccounts()) signedOut.add(homeAccountId);
    if (eventType === EventType.LOGOUT_SUCCESS) void msal.clearCache({ account });
  } else signedOut.delete(account?.homeAccountId ?? homeAccountId ?? "");
}

function accessToken(result: AuthenticationResult): AccessToken {
  const { accessToken, account, expiresOn, refreshOn, fromCache, tokenType } = result;
  // A token bound to a key needs a proof for each request (PoP, DPoP); OpenID scopes alone give no access token.
  if (tokenType.toLowerCase() !== "bearer" || !accessToken || !expiresOn) {
    throw new BearerWorkerError("unsupported_token_type", `MSAL gave no bearer token (${tokenType})`);
  }
  return { accessToken, account: account.homeAccountId, expiresOn, refreshOn, fromCache };
}

/** Every origin that MSAL talks to, as far as its configuration tells. */
function providerOrigins({
  authority,
  knownAuthorities,
  authorityMetadata,
}: ReturnType<IPublicClientApplication["getConfiguration"]>["auth"]): readonly string[] {
  const endpoints = Object.values(JSON.parse(authorityMetadata || "{}") as Record<string, string>);
  const urls = [authority, ...knownAuthorities.map((host) => `https://${host}`), ...endpoints];
  return [...new Set(urls.flatMap((url) => (URL.canParse(url) ? new URL(url).origin : [])))];
}
