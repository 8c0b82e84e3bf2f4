import type { Configuration, KoaContextWithOIDC, ResourceServer } from "oidc-provider";
import { OPENID_SCOPES, RESOURCES, resourcesIn, scopesOf, unknownScopesIn } from "./api-scopes.ts";
import { severalResources, unknownScope } from "./entra-errors.ts";

/** Determines the resource of a request from its scopes, as Entra does: there is no `resource` parameter. */
export const resourceIndicators = {
  enabled: true,
  defaultResource: resourceOfRequest,
  // MSAL sends scopes to the token endpoint too. A request without scopes gets the resources of its code.
  useGrantedResource: (ctx: KoaContextWithOIDC) =>
    requestedScope(ctx) === "" || resourcesIn(requestedScope(ctx)).length > 0,
  getResourceServerInfo: (_ctx: KoaContextWithOIDC, resource: string) => resourceServer(resource),
};

/** Finds or creates a grant of all scopes: consent is decided by the sign-in policy. */
export const grantEverything: NonNullable<Configuration["loadExistingGrant"]> = async (ctx) => {
  const { client, provider, session } = ctx.oidc;
  if (!client || !session?.accountId) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (existing?.accountId === session.accountId) return existing;

  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(OPENID_SCOPES);
  grant.addOIDCClaims(["login_hint"]);
  for (const resource of RESOURCES) grant.addResourceScope(resource, scopesOf(resource));
  await grant.save();
  return grant;
};

/** Makes a code's refresh token valid for every resource. */
export function widenToAllResources(code: {
  scope?: string | undefined;
  resource?: string | string[] | undefined;
}): void {
  code.scope = [...OPENID_SCOPES, ...RESOURCES.flatMap(scopesOf)].join(" ");
  code.resource = [...RESOURCES];
}

/** The token endpoint drops the `scope` of a code request from its parameters. Only the body still has it. */
export function requestedScope(ctx: KoaContextWithOIDC): string {
  const scope = ctx.oidc.body?.["scope"] ?? ctx.oidc.params?.["scope"];
  return typeof scope === "string" ? scope : "";
}

/**
 * The resources in the scopes of an authorization request, or, for the token endpoint, the resource of `granted` that
 * the token is for.
 */
function resourceOfRequest(
  ctx: KoaContextWithOIDC,
  _client: unknown,
  granted?: readonly string[],
): string | readonly string[] | undefined {
  const scope = requestedScope(ctx);
  const [unknown] = unknownScopesIn(scope);
  if (unknown !== undefined) throw unknownScope(unknown);
  const resources = resourcesIn(scope);
  if (!granted) return resources;
  if (resources.length > 1) throw severalResources();
  return resources[0] ?? granted[0];
}

function resourceServer(resource: string): ResourceServer {
  return {
    scope: scopesOf(resource).join(" "),
    audience: resource,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "RS256" } },
  };
}
