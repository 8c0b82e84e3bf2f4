/** The standard error of OpenID Connect for a scope that the user has not consented to. Entra gives it as a suberror. */
const CONSENT_REQUIRED = "consent_required";

/**
 * Whether an error says that the user has to consent. The names of its fields are those of the identity libraries: MSAL
 * has `errorCode` and `subError`, and oidc-client-ts has `error`.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthError
 */
export function needsConsent(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { errorCode, subError, error: code, cause } = error as Record<string, unknown>;
  return [errorCode, subError, code].includes(CONSENT_REQUIRED) || needsConsent(cause);
}
