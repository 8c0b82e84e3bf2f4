import type { ApiSettings } from "./api-settings.ts";
import type { TokenVerifier } from "./bearer-token.ts";
import {
  insufficientClaims,
  insufficientScope,
  invalidProof,
  invalidToken,
  missingHeader,
  missingToken,
  type Refusal,
} from "./challenges.ts";
import type { ProofVerifier } from "./dpop-proof.ts";
import type { Operation } from "./operation.ts";
import type { ReceivedRequest } from "./received-requests.ts";

/** Decides whether a request is admitted, and logs the result of checking its token. */
export type Admission = (
  operation: Operation,
  credentials: ReceivedCredentials,
  entry: ReceivedRequest,
) => Promise<Refusal | null>;

/** The parts of a request that authorize it. */
export interface ReceivedCredentials {
  readonly scheme: string;
  readonly token: string | undefined;
  readonly proof: string | undefined;
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
}

export function createAdmission(
  verifier: TokenVerifier,
  proofs: ProofVerifier,
  settings: ApiSettings,
  authorizationUrl: string,
): Admission {
  return async ({ path, access }, credentials, entry) => {
    const { token, method, url, proof } = credentials;
    const scheme = credentials.scheme === "dpop" ? "DPoP" : "Bearer";
    if (isRefusedAnyway(path, settings)) return invalidToken("refused by a setting", scheme);
    if (access === null) return null;
    if (token === undefined) return settings.openToAll ? null : missingToken();

    const verification = await verifier.verify(token, access.audience);
    if ("refusal" in verification) {
      entry.refusal = verification.refusal;
      return invalidToken(verification.refusal, scheme);
    }
    const { scopes, acrs, issuedAt, boundTo } = verification.token;
    // A bound token is worth nothing without its key. RFC 9449, section 7.2.
    if ((boundTo !== null) !== (scheme === "DPoP")) return invalidToken("the scheme is another one", scheme);
    if (boundTo !== null) {
      const proven = await proofs.verify({ method, url, accessToken: token, proof }, boundTo);
      if ("error" in proven) {
        entry.refusal = proven.reason;
        return invalidProof(proven.error, proven.reason);
      }
      entry.proof = proven.accepted;
    }
    entry.token = verification.token;

    const earliest = settings.revokeTokensIssuedBefore;
    if (earliest !== null && issuedAt < earliest) {
      if (settings.revocation === "invalid-token") return invalidToken("the token was revoked", scheme);
      const claims = { nbf: { essential: true, value: String(earliest) } };
      return insufficientClaims(authorizationUrl, claims, scheme);
    }
    const { requiredHeader } = settings;
    if (requiredHeader !== null && !(requiredHeader in entry.headers)) return missingHeader(requiredHeader);
    if (!scopes.includes(access.scope))
      return insufficientScope(`${access.audience}/${access.scope}`, scheme);
    const { authenticationContext } = access;
    if (authenticationContext !== undefined && !acrs.includes(authenticationContext)) {
      const claims = { acrs: { essential: true, value: authenticationContext } };
      return insufficientClaims(authorizationUrl, claims, scheme);
    }
    return null;
  };
}

function isRefusedAnyway(path: string, { always401 }: ApiSettings): boolean {
  const refusals = always401[path];
  if (refusals === undefined || refusals === true) return refusals === true;
  always401[path] = refusals - 1;
  return refusals > 0;
}
