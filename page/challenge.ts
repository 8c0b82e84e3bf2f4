import type { GivenToken } from "./acquisition.ts";
import type { Challenge } from "./token-source.ts";

/** For how many milliseconds a new token that is refused like the last one shows that no token will do. */
const FINAL = 60_000;

/**
 * What a `WWW-Authenticate` field asks of the next token, or `null` where a new token would not help.
 *
 * @param last the token that was given last
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function readChallenge(field: string, last?: GivenToken): Challenge | null {
  if (last?.answers === field && Date.now() < last.acquiredAt + FINAL) return null;
  for (const [scheme, parameters] of parseChallenges(field)) {
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
 * A token with what may follow it: a value, quoted or not, which makes it a parameter; or, as behind a scheme's name,
 * credentials such as `dG9rZW4=`, or nothing.
 */
const PIECE =
  /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]+))| +[\w.~+/-]+=*(?=\s*(?:,|$)))?/g;

/** Splits a field into schemes with their parameters. Names count without case; of those that come twice, the first. */
function parseChallenges(field: string): [scheme: string, parameters: Map<string, string>][] {
  const challenges: [string, Map<string, string>][] = [];
  for (const [, token = "", quoted, plain] of field.matchAll(PIECE)) {
    const name = token.toLowerCase();
    const value = quoted?.replace(/\\(.)/gs, "$1") ?? plain;
    const parameters = challenges.at(-1)?.[1];
    if (value === undefined) challenges.push([name, new Map()]);
    else if (!parameters?.has(name)) parameters?.set(name, value);
  }
  return challenges;
}
