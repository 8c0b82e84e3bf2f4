import type { Account, JWTStructured, KoaContextWithOIDC } from "oidc-provider";
import { accountById, type DevAccount } from "./accounts.ts";
import { permissionsIn } from "./api-scopes.ts";
import { stateOf, type RequestState } from "./middleware.ts";
import type { Tenant } from "./tenant.ts";

/** The claims that an ID token can carry. MSAL asks for `login_hint`, and sends it with later requests. */
export function entraAccount(account: DevAccount, tenant: Tenant, state: RequestState): Account {
  const { tenantId = tenant.id, policy } = state;
  const profile = { ...profileOf(account, tenantId), ...(policy && { tfp: policy }) };
  const claims = { sub: account.id, login_hint: account.username, ...profile };
  return { accountId: account.id, claims: () => claims };
}

/** Rewrites the payload of an access token, in place, to that of Entra's v2.0 token for an API. */
export function entraAccessToken(ctx: KoaContextWithOIDC, jwt: JWTStructured, tenant: Tenant): void {
  const { scope, client_id: clientId, ...standard } = jwt.payload;
  const account = accountById(String(standard["sub"]));
  const source = ctx.oidc.entities.RefreshToken ?? ctx.oidc.entities.AuthorizationCode;
  jwt.payload = {
    ...standard,
    nbf: standard["iat"],
    azp: clientId,
    scp: permissionsIn(typeof scope === "string" ? scope : ""),
    ...(account && profileOf(account, stateOf(ctx).tenantId ?? tenant.id)),
    ...(source?.amr?.includes("mfa") && { acrs: ["c1"] }),
  };
}

/** `client_info` of a token reply, from which MSAL takes the home account id. In B2C it names the policy. */
export function clientInfoOf(account: DevAccount, tenant: Tenant, { policy }: RequestState): string {
  const uid = policy ? `${account.id}-${policy}` : account.id;
  return Buffer.from(JSON.stringify({ uid, utid: tenant.id })).toString("base64url");
}

function profileOf(account: DevAccount, tenantId: string): Record<string, string> {
  return {
    oid: account.id,
    tid: tenantId,
    ver: "2.0",
    name: account.name,
    preferred_username: account.username,
    email: account.username,
  };
}
