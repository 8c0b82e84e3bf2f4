/** The reason for a refusal, as the client gets it. */
export interface Refusal {
  readonly status: 401 | 403;
  /** The WWW-Authenticate header. */
  readonly challenge: string;
  readonly reason: string;
}

/** The request has no token. RFC 6750, section 3.1: such a challenge carries no error code. */
export function missingToken(): Refusal {
  return { status: 401, challenge: 'Bearer realm=""', reason: "a bearer token is needed" };
}

/** The type of the token that the request carries, which is that of the challenge. */
export type Scheme = "Bearer" | "DPoP";

/** The token is expired, forged or meant for another API. */
export function invalidToken(reason: string, scheme: Scheme = "Bearer"): Refusal {
  const description = reason.replace(/["\\]/g, "'");
  const challenge = `${scheme} realm="", error="invalid_token", error_description="${description}"`;
  return { status: 401, challenge, reason };
}

/** The token is good, and its proof is not. RFC 9449, section 7.1. */
export function invalidProof(error: "invalid_dpop_proof" | "use_dpop_nonce", reason: string): Refusal {
  const challenge = `DPoP error="${error}", error_description="${reason}", algs="ES256"`;
  return { status: 401, challenge, reason };
}

/** The token is valid, but does not permit this operation. */
export function insufficientScope(scope: string, scheme: Scheme = "Bearer"): Refusal {
  const challenge = `${scheme} realm="", error="insufficient_scope", scope="${scope}"`;
  return { status: 403, challenge, reason: `the scope ${scope} is needed` };
}

/** The token is valid, but the request lacks a header that this API wants. */
export const missingHeader = (name: string): Refusal => ({
  status: 403,
  challenge: 'Bearer realm=""',
  reason: `the header ${name} is needed`,
});

/**
 * The token is valid, but the client must acquire a new one with these claims. The form is that of Entra's APIs.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function insufficientClaims(
  authorizationUrl: string,
  claims: object,
  scheme: Scheme = "Bearer",
): Refusal {
  const encoded = Buffer.from(JSON.stringify({ access_token: claims })).toString("base64");
  const parameters = `authorization_uri="${authorizationUrl}", error="insufficient_claims", claims="${encoded}"`;
  return { status: 401, challenge: `${scheme} realm="", ${parameters}`, reason: "the token lacks claims" };
}
