import type { ApiSettings } from "./api-settings.ts";
import type { TokenVerifier } from "./bearer-token.ts";
import {
  insufficientClaims,
  insufficientScope,
  invalidToken,
  missingHeader,
  missingToken,
  type Refusal,
} from "./challenges.ts";
import type { Operation } from "./operation.ts";
import type { ReceivedRequest } from "./received-requests.ts";

/** Decides whether a request is admitted, and logs the result of checking its token. */
export type Admission = (
  operation: Operation,
  token: string | undefined,
  entry: ReceivedRequest,
) => Promise<Refusal | null>;

export function createAdmission(
  verifier: TokenVerifier,
  settings: ApiSettings,
  authorizationUrl: string,
): Admission {
  return async ({ path, access }, token, entry) => {
    if (isRefusedAnyway(path, settings)) return invalidToken("refused by a setting");
    if (access === null) return null;
    if (token === undefined) return settings.openToAll ? null : missingToken();

    const verification = await verifier.verify(token, access.audience);
    if ("refusal" in verification) {
      entry.refusal = verification.refusal;
      return invalidToken(verification.refusal);
    }
    entry.token = verification.token;

    const { scopes, acrs, issuedAt } = verification.token;
    const earliest = settings.revokeTokensIssuedBefore;
    if (earliest !== null && issuedAt < earliest) {
      if (settings.revocation === "invalid-token") return invalidToken("the token was revoked");
      return insufficientClaims(authorizationUrl, { nbf: { essential: true, value: String(earliest) } });
    }
    const { requiredHeader } = settings;
    if (requiredHeader !== null && !(requiredHeader in entry.headers)) return missingHeader(requiredHeader);
    if (!scopes.includes(access.scope)) return insufficientScope(`${access.audience}/${access.scope}`);
    const { authenticationContext } = access;
    if (authenticationContext !== undefined && !acrs.includes(authenticationContext)) {
      return insufficientClaims(authorizationUrl, {
        acrs: { essential: true, value: authenticationContext },
      });
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
