import { parseChallenges } from "../../pipeline/parse-challenges.ts";
import type { Challenge } from "../token-source.ts";

/**
 * The demands of a `WWW-Authenticate` field on the next token, or `null` when a new token would not help. A field may have
 * several challenges for a type of token, and only those for the token's own type count. Claims count most, since a token without them is refused again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function readChallenge(field: string, tokenType: string = "Bearer"): Challenge | null {
  const challenges = parseChallenges(field)
    .filter(({ scheme }) => scheme === tokenType.toLowerCase())
    .map(({ parameters }) => readDemands(parameters));
  return challenges.find((challenge) => challenge?.claims) ?? challenges.find(Boolean) ?? null;
}

function readDemands(parameters: ReadonlyMap<string, string>): Challenge | null {
  switch (parameters.get("error")) {
    // https://www.rfc-editor.org/rfc/rfc6750#section-3.1
    case "invalid_token":
      return {};
    // https://learn.microsoft.com/entra/identity-platform/claims-challenge
    case "insufficient_claims":
      return decodeClaims(parameters.get("claims") ?? "");
    // https://www.rfc-editor.org/rfc/rfc9470#section-3
    case "insufficient_user_authentication": {
      const acrValues = parameters.get("acr_values");
      const maxAge = parameters.get("max_age");
      return { ...(acrValues && { acrValues }), ...(maxAge && { maxAge }) };
    }
    default:
      return null;
  }
}

/** Claims come as base64 or base64url, padded or not, of UTF-8. Only JSON is passed on. */
function decodeClaims(encoded: string): Challenge | null {
  try {
    const bytes = atob(encoded.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, ""));
    const claims = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    JSON.parse(claims);
    return { claims };
  } catch {
    return null;
  }
}
