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

/**
 * A token with the text that may follow it: a value, quoted or not, which makes the token a parameter; or, behind a
 * scheme's name, credentials such as `dG9rZW4=`, or nothing.
 *
 * A value without quotes has to be a token by the RFC. Microsoft Graph, Azure Storage and Dataverse send a URL or a sentence
 * so. Such a value ends at a comma, or at a blank before the next parameter. It has to be read whole: the rest of it would
 * pass for a scheme, which takes the parameters that follow.
 */
const PIECE =
  /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+(?:\s+[^\s,"=]+(?=[\s,]|$))*))| +[\w.~+/-]+=*(?=\s*(?:,|$)))?/g;

interface SchemeChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** Splits a field into schemes with their parameters. Names count without case. A parameter that comes twice keeps its first value. */
function parseChallenges(field: string): SchemeChallenge[] {
  const challenges: SchemeChallenge[] = [];
  for (const [, token = "", quoted, plain] of field.matchAll(PIECE)) {
    const name = token.toLowerCase();
    const value = quoted?.replace(/\\(.)/gs, "$1") ?? plain;
    const parameters = challenges.at(-1)?.parameters;
    if (value === undefined) challenges.push({ scheme: name, parameters: new Map() });
    else if (!parameters?.has(name)) parameters?.set(name, value);
  }
  return challenges;
}
