/** The settings that tests and the demo page can change while the provider runs. */
export interface ProviderSettings {
  /** Lifetime of access tokens issued from now on. */
  accessTokenSeconds: number;
  /** Lifetime of refresh tokens, counted from the sign-in. Using a token does not extend it. */
  refreshTokenSeconds: number;
  /** Sent as `refresh_in` with every access token, unless null. */
  refreshInSeconds: number | null;
  /** Lifetime of the browser's session at the provider, counted from its last visit. */
  sessionSeconds: number;
  /** Asks every account for a second factor, at sign-in and at refresh. */
  requireMfa: boolean;
  /** Whether DPoP proofs at the token endpoint need a nonce. */
  requireDpopNonce: boolean;
  /** Gives plain bearer tokens, as a provider does that has never heard of DPoP. */
  ignoreDpop: boolean;
  /** Asks each account once for every scope of an API. */
  requireConsent: boolean;
}

export const DEFAULT_PROVIDER_SETTINGS: Readonly<ProviderSettings> = {
  accessTokenSeconds: 3600,
  refreshTokenSeconds: 86_400,
  refreshInSeconds: null,
  sessionSeconds: 86_400,
  requireMfa: false,
  requireDpopNonce: false,
  ignoreDpop: false,
  requireConsent: false,
};
