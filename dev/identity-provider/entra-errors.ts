import { errors } from "oidc-provider";
import { claimsForInteraction, type ClaimsRequest } from "./claims-request.ts";

/** The fields that Entra adds to an OAuth error. */
export interface EntraErrorDetails {
  readonly error_codes: readonly number[];
  readonly suberror?: string;
  readonly claims?: string;
}

/** An error in Entra's form that oidc-provider itself does not have. */
class EntraError extends errors.CustomOIDCProviderError {
  readonly details: EntraErrorDetails;

  constructor(error: string, description: string, details: EntraErrorDetails) {
    super(error, `AADSTS${details.error_codes[0]}: ${description}`);
    this.details = details;
  }
}

export function mfaRequired(claims: ClaimsRequest | undefined): Error {
  return new EntraError(
    "interaction_required",
    "You must use multi-factor authentication.",
    mfaDetails(claims),
  );
}

export function consentRequired(): Error {
  return new EntraError("invalid_grant", "The user has not consented to use the application.", CONSENT);
}

export function severalResources(): Error {
  const description = "The parameter scope contains more than one resource.";
  return new EntraError("invalid_request", description, { error_codes: [28000] });
}

export function unknownScope(scope: string): Error {
  return new EntraError("invalid_scope", `The scope ${scope} does not exist.`, { error_codes: [70011] });
}

/** Entra's fields for an error of oidc-provider, given the claims that were requested. */
export function entraErrorDetails(error: unknown, claims: ClaimsRequest | undefined): EntraErrorDetails {
  if (error instanceof EntraError) return error.details;
  if (!(error instanceof errors.OIDCProviderError)) return { error_codes: [90000] };
  switch (error.error) {
    case "login_required":
      return { error_codes: [50058] };
    case "interaction_required":
      return mfaDetails(claims);
    case "consent_required":
      return CONSENT;
    case "invalid_grant":
      return error.error_detail === "refresh token is expired" ? EXPIRED : REVOKED;
    default:
      return { error_codes: [900144] };
  }
}

const CONSENT: EntraErrorDetails = { error_codes: [65001], suberror: "consent_required" };
const EXPIRED: EntraErrorDetails = { error_codes: [700084] };
const REVOKED: EntraErrorDetails = { error_codes: [50173], suberror: "bad_token" };

function mfaDetails(claims: ClaimsRequest | undefined): EntraErrorDetails {
  return { error_codes: [50076], suberror: "basic_action", claims: claimsForInteraction(claims) };
}
