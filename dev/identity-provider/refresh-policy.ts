import type { KoaContextWithOIDC } from "oidc-provider";
import { accountById } from "./accounts.ts";
import { parseClaimsRequest } from "./claims-request.ts";
import type { Consents } from "./consents.ts";
import { consentRequired, mfaRequired } from "./entra-errors.ts";
import { requestedScope } from "./granted-resources.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import { needsMfa } from "./sign-in-policy.ts";

/**
 * Refuses a refresh that needs the user first. It is the rotation policy of oidc-provider, which runs before the refresh
 * token is consumed, so the same token can be used after the interaction.
 *
 * @throws `interaction_required` with the claims to ask for, or `invalid_grant` with `consent_required`.
 */
export function refreshPolicy(
  settings: ProviderSettings,
  consents: Consents,
): (ctx: KoaContextWithOIDC) => true {
  return (ctx) => {
    const { RefreshToken: refreshToken } = ctx.oidc.entities;
    const account = accountById(refreshToken?.accountId);
    if (!account) return true;
    const claims = parseClaimsRequest(ctx.oidc.body?.["claims"]);
    if (needsMfa(account, claims, settings) && !refreshToken?.amr?.includes("mfa")) throw mfaRequired(claims);
    const missing = consents.missing(account.id, requestedScope(ctx));
    if (settings.requireConsent && missing.length > 0) throw consentRequired();
    return true;
  };
}
