import type { KoaContextWithOIDC } from "oidc-provider";
import { accountById } from "./accounts.ts";
import { expandDefaults } from "./api-scopes.ts";
import { parseClaimsRequest } from "./claims-request.ts";
import { entraErrorDetails } from "./entra-errors.ts";
import { clientInfoOf } from "./entra-tokens.ts";
import { redirectTarget, stateOf, type Middleware } from "./middleware.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import type { Tenant } from "./tenant.ts";

/** Makes MSAL's requests acceptable to a strict OpenID provider. */
export function acceptEntraRequests(tenant: Tenant, settings: ProviderSettings): Middleware {
  return async (ctx, next) => {
    if (settings.ignoreDpop) delete ctx.req.headers["dpop"];
    if (ctx.path === tenant.routes.authorization) askForSessionId(ctx);
    if (ctx.path === tenant.routes.end_session) nameTheClient(ctx, tenant);
    if (ctx.path === tenant.discoveryPath) ctx.path = "/.well-known/openid-configuration";
    await next();
  };
}

/** Adds Entra's fields to replies: `client_info`, `refresh_in`, error codes, and claims for interaction. */
export function giveEntraReplies(tenant: Tenant, settings: ProviderSettings): Middleware {
  return async (ctx, next) => {
    await next();
    const { failure } = stateOf(ctx);
    if (ctx.path === tenant.routes.token && ctx.method === "POST") {
      ctx.body = {
        ...(ctx.body as object),
        ...(failure ? errorDetails(ctx) : tokenDetails(ctx, tenant, settings)),
      };
    } else if (failure && ctx.path.startsWith(tenant.routes.authorization)) {
      describeErrorInRedirect(ctx);
    }
  };
}

/**
 * The provider refuses a `claims` parameter for the access token alone, so the ID token is always asked for a claim too:
 * the session id, which MSAL sends back as `sid`.
 */
function askForSessionId(ctx: KoaContextWithOIDC): void {
  if (!String(ctx.query["scope"]).split(" ").includes("openid")) return;
  const claims = ctx.query["claims"] === undefined ? {} : parseClaimsRequest(ctx.query["claims"]);
  if (!claims) return;
  ctx.query = {
    ...ctx.query,
    claims: JSON.stringify({ ...claims, id_token: { ...claims["id_token"], sid: null } }),
  };
}

/** A redirect after sign-out needs a known client, and MSAL sends neither its id nor an ID token. */
function nameTheClient(ctx: KoaContextWithOIDC, tenant: Tenant): void {
  if (ctx.query["id_token_hint"] === undefined) ctx.query = { client_id: tenant.clientId, ...ctx.query };
}

function tokenDetails(ctx: KoaContextWithOIDC, tenant: Tenant, settings: ProviderSettings): object {
  const { expires_in: expiresIn, scope } = ctx.body as { expires_in: number; scope: string };
  const asked = String(ctx.oidc.body?.["scope"]);
  const account = accountById(ctx.oidc.entities.Account?.accountId);
  return {
    ext_expires_in: expiresIn,
    // MSAL looks up a token by the scopes of the reply, so the reply needs the default scope and the scopes it stands for.
    ...(asked.includes("/.default") && { scope: expandDefaults(scope) }),
    ...(settings.refreshInSeconds !== null && { refresh_in: settings.refreshInSeconds }),
    ...(account && { client_info: clientInfoOf(account, tenant, stateOf(ctx)) }),
  };
}

function errorDetails(ctx: KoaContextWithOIDC): object {
  return entraErrorDetails(stateOf(ctx).failure, parseClaimsRequest(ctx.oidc.body?.["claims"]));
}

function describeErrorInRedirect(ctx: KoaContextWithOIDC): void {
  const target = redirectTarget(ctx);
  if (!target.includes("#error=")) return;
  const details = entraErrorDetails(stateOf(ctx).failure, parseClaimsRequest(ctx.oidc.params?.["claims"]));
  const added = new URLSearchParams({ error_codes: details.error_codes.join() });
  if (details.suberror) added.set("suberror", details.suberror);
  if (details.claims) added.set("claims", details.claims);
  ctx.set("Location", `${target}&${added}`);
}
