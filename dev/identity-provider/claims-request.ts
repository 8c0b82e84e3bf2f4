/** A `claims` request parameter: the requested claims of each token. */
export type ClaimsRequest = Record<string, Record<string, unknown>>;

/** Parses a `claims` parameter; undefined if it is not a JSON object. */
export function parseClaimsRequest(parameter: unknown): ClaimsRequest | undefined {
  if (typeof parameter !== "string") return undefined;
  try {
    const claims: unknown = JSON.parse(parameter);
    return typeof claims === "object" && claims !== null ? { ...claims } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the access token must have an authentication context, which needs a second factor here. */
export function asksForStepUp(claims: ClaimsRequest | undefined): boolean {
  return claims?.["access_token"]?.["acrs"] !== undefined;
}

/**
 * The claims that the client passes on to interaction: the authentication context of its request, or else the policy
 * that demands a second factor.
 */
export function claimsForInteraction(claims: ClaimsRequest | undefined): string {
  const acrs = claims?.["access_token"]?.["acrs"];
  const demanded = acrs === undefined ? { capolids: { essential: true, values: [MFA_POLICY_ID] } } : { acrs };
  return JSON.stringify({ access_token: demanded });
}

const MFA_POLICY_ID = "3b6d2f90-58c1-4e7a-9f04-d1a7e2c6b835";
