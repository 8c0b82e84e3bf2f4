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
import type { RedirectReturn } from "./msal-interaction.ts";
import type { AccessToken, TokenRequest, TokenSource } from "./token-source.ts";

/** Fields that are added to MSAL's requests, such as `claims`, `extraQueryParameters`, `prompt` or `authority`. */
export type MsalAuthRequest = Partial<
  Omit<SilentRequest & PopupRequest & RedirectRequest, "scopes" | "account">
>;

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

/** Those that MSAL raises when accounts change. */
const ACCOUNT_EVENTS: EventType[] = [
  EventType.LOGIN_SUCCESS,
  EventType.LOGOUT_START,
  EventType.ACTIVE_ACCOUNT_CHANGED,
  EventType.ACQUIRE_TOKEN_SUCCESS,
];

/** Apart, since most page loads never need it. */
const loadInteraction = () => import("./msal-interaction.ts");

/** MSAL as a source of tokens. The adopter brings the instance. */
export function msalTokenSource(msal: IPublicClientApplication, options: MsalOptions): TokenSource {
  const { auth } = msal.getConfiguration();
  /** Ids of accounts that this page used. */
  const used = new Set<string>();
  /** Those that signed out in this or another tab, until MSAL has forgotten them. */
  const signedOut = new Set<string>();
  /** The error or the scopes with which this page load came back from a redirect. */
  let returned: RedirectReturn = null;

  const currentAccount = (): AccountInfo | null => {
    const account = options.account
      ? options.account(msal)
      : (msal.getActiveAccount() ?? msal.getAllAccounts()[0] ?? null);
    if (!account || signedOut.has(account.homeAccountId)) return null;
    used.add(account.homeAccountId);
    return account;
  };

  const msalRequest = ({ url, method, scopes, challenge }: TokenRequest) => {
    const { authRequest } = options;
    const account = currentAccount();
    const extra =
      typeof authRequest === "function"
        ? authRequest(msal, { url, method }, { account, scopes })
        : authRequest;
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
        : await acquireByRedirect(msal, interactive, returned, settled);
    },

    subscribe(listener) {
      // Who signs out in one tab has signed out in all. MSAL's sessionStorage is per tab, and each tab has to forget.
      const channel = new BroadcastChannel(`bearer-worker:${auth.clientId}`);
      channel.onmessage = ({ data }: MessageEvent<string[]>) => {
        for (const homeAccountId of data) {
          signedOut.add(homeAccountId);
          const account = msal.getAccount({ homeAccountId });
          if (account) void msal.clearCache({ account });
        }
        listener("account");
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
        listener("account");
        // MSAL changes the active account before it removes the accounts that it clears.
        setTimeout(() => listener("account"));
      }, ACCOUNT_EVENTS);
      return () => {
        msal.removeEventCallback(id as string);
        channel.close();
      };
    },
  };
}

const interactionRequired = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to act", { cause });

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
  const urls = [
    authority,
    ...knownAuthorities.map((host) => `https://${host}`),
    authorityMetadata.replace(/"userinfo_\w+"[^,}]+/, ""),
  ].join(" ");
  return [...new Set(urls.match(/https?:\/\/[^/\s"]+/g))].map((url) => new URL(url).origin);
}
