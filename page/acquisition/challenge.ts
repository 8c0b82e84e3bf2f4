import type { Challenge } from "../token-source.ts";

/**
 * The demands of a `WWW-Authenticate` field on the next token, or `null` when a new token would not help.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function readChallenge(field: string): Challenge | null {
  for (const { scheme, parameters } of parseChallenges(field)) {
    const challenge = scheme === "bearer" ? readBearerChallenge(parameters) : null;
    if (challenge) return challenge;
  }
  return null;
}

function readBearerChallenge(parameters: ReadonlyMap<string, string>): Challenge | null {
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
 */
const PIECE =
  /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]+))| +[\w.~+/-]+=*(?=\s*(?:,|$)))?/g;

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
