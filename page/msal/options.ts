import type {
  AccountInfo,
  IPublicClientApplication,
  PopupRequest,
  RedirectRequest,
  SilentRequest,
} from "@azure/msal-browser";

/** Fields that are added to MSAL's requests, such as `claims`, `extraQueryParameters`, `prompt` or `authority`. */
export type MsalAuthRequest = Partial<
  Omit<SilentRequest & PopupRequest & RedirectRequest, "scopes" | "account">
>;

/** A request as MSAL takes it, silent or not. */
export type MsalRequest = MsalAuthRequest & { scopes: string[]; account?: AccountInfo };

export interface MsalOptions {
  /**
   * Fields for MSAL's requests, or a function that gives them, as in msal-angular. A function is asked once for each key
   * of the map and token, not for each request. Without an `authority`, tokens are of the account's own tenant. An object
   * with the `authenticationScheme` `"DPoP"` asks for DPoP tokens for the whole map. Other schemes that bind a token to a key
   * cannot be attached.
   */
  authRequest?:
    | MsalAuthRequest
    | ((
        msal: IPublicClientApplication,
        request: { readonly url: string; readonly method: string },
        defaults: { account: AccountInfo | null; scopes: readonly string[] },
      ) => MsalAuthRequest);
  /** The account whose tokens this page uses. Default: the active account, else the first. */
  account?: (msal: IPublicClientApplication) => AccountInfo | null;
}

/** The scheme of RFC 9449, which MSAL knows from 5.29 on. */
export const isDpop = (scheme: string | undefined): boolean => scheme?.toLowerCase() === "dpop";

/** Whether a token of this type can be sent without a proof for each request. */
export const isBearer = (scheme = "Bearer"): boolean => scheme.toLowerCase() === "bearer";
