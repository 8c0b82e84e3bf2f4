import { randomBytes, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import type { Configuration, JWK } from "oidc-provider";
import { accountById } from "./accounts.ts";
import { OPENID_SCOPES } from "./api-scopes.ts";
import type { ArtifactStore } from "./artifact-store.ts";
import type { Consents } from "./consents.ts";
import { entraAccessToken, entraAccount } from "./entra-tokens.ts";
import { grantEverything, resourceIndicators, widenToAllResources } from "./granted-resources.ts";
import { stateOf } from "./middleware.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import { refreshPolicy } from "./refresh-policy.ts";
import { renderErrorPage, renderSignedOutPage, renderSigningOutPage } from "./sign-in-pages.ts";
import { signInPolicy } from "./sign-in-policy.ts";
import type { Tenant } from "./tenant.ts";

const TWO_WEEKS = 14 * 24 * 3600;

/** Everything that makes oidc-provider answer like Microsoft Entra ID v2.0 for one tenant and one application. */
export async function providerConfiguration(
  tenant: Tenant,
  settings: ProviderSettings,
  store: ArtifactStore,
  consents: Consents,
): Promise<Configuration> {
  return {
    adapter: store.adapterFor,
    clients: [applicationOf(tenant)],
    clientBasedCORS: (_ctx, origin) => origin === tenant.siteOrigin,
    jwks: { keys: [await signingKey()] },
    routes: tenant.routes,
    cookies: cookiesOf(tenant),
    responseTypes: ["code"],
    clientAuthMethods: ["none"],
    pkce: { required: () => true },
    extraParams: ["sid"],
    scopes: OPENID_SCOPES,
    claims: {
      openid: ["sub", "oid", "tid", "ver", "tfp"],
      profile: ["name", "preferred_username"],
      email: ["email"],
      login_hint: null,
      sid: null,
    },
    conformIdTokenClaims: false,
    // Seconds count here: a token of two seconds must be dead in the third.
    clockTolerance: 0,
    ttl: {
      AccessToken: () => settings.accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: TWO_WEEKS,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: (ctx) =>
        ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? settings.refreshTokenSeconds,
      Session: () => settings.sessionSeconds,
    },
    findAccount: (ctx, id) => {
      const account = accountById(id);
      return account && entraAccount(account, tenant, stateOf(ctx));
    },
    formats: { customizers: { jwt: (ctx, _token, jwt) => entraAccessToken(ctx, jwt, tenant) } },
    interactions: {
      policy: signInPolicy(settings, consents),
      url: (_ctx, interaction) => `${tenant.signInPath}/${interaction.uid}`,
    },
    loadExistingGrant: grantEverything,
    expiresWithSession: () => false,
    issueRefreshToken(_ctx, _client, code) {
      widenToAllResources(code);
      return true;
    },
    rotateRefreshToken: refreshPolicy(settings, consents),
    renderError: renderErrorPage,
    features: {
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => settings.requireDpopNonce },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators,
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: renderSigningOutPage,
        postLogoutSuccessSource: renderSignedOutPage,
      },
    },
  };
}

function applicationOf({ clientId, siteOrigin }: Tenant): NonNullable<Configuration["clients"]>[number] {
  return {
    client_id: clientId,
    client_name: "Contoso Orders",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [`${siteOrigin}/`],
    post_logout_redirect_uris: [`${siteOrigin}/`],
  };
}

/** Cookies know no ports: named after the provider's own, and for its paths only, they leave other servers alone. */
function cookiesOf({ origin, basePath }: Tenant): NonNullable<Configuration["cookies"]> {
  const { port } = new URL(origin);
  return {
    keys: [randomUUID()],
    names: { session: `session_${port}`, interaction: `sign_in_${port}`, resume: `resume_${port}` },
    long: { path: basePath, httpOnly: true, sameSite: "lax", signed: true },
    short: { httpOnly: true, sameSite: "lax", signed: true },
  };
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kty: "RSA", kid: randomUUID(), use: "sig", alg: "RS256" };
}
