/** A `claims` request parameter: what is asked of each token, by token and claim. */
export type ClaimsRequest = Record<string, Record<string, unknown>>;

/** Parses a `claims` parameter; undefined for what is no JSON object. */
export function parseClaimsRequest(parameter: unknown): ClaimsRequest | undefined {
  if (typeof parameter !== "string") return undefined;
  try {
    const claims: unknown = JSON.parse(parameter);
    return typeof claims === "object" && claims !== null ? { ...claims } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the access token is asked for an authentication context, which takes a second factor here. */
export function asksForStepUp(claims: ClaimsRequest | undefined): boolean {
  return claims?.["access_token"]?.["acrs"] !== undefined;
}

/**
 * What the client has to pass on to interaction: the authentication context that it asked for, or else the
 * policy that now demands a second factor.
 */
export function claimsForInteraction(claims: ClaimsRequest | undefined): string {
  const acrs = claims?.["access_token"]?.["acrs"];
  const demanded = acrs === undefined ? { capolids: { essential: true, values: [MFA_POLICY_ID] } } : { acrs };
  return JSON.stringify({ access_token: demanded });
}

const MFA_POLICY_ID = "3b6d2f90-58c1-4e7a-9f04-d1a7e2c6b835";
