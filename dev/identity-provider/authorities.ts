import { stateOf, type Middleware } from "./middleware.ts";
import { msalAuthFor, type MsalAuth, type Tenant } from "./tenant.ts";

/** MSAL's `auth` for the other forms of Microsoft's authorities. */
export interface OtherAuthorities {
  /** The tenant's own, from which requests can go to another one: every tenant of this provider is in the metadata. */
  readonly anyTenant: MsalAuth;
  /** The tenant in which every account is a guest. */
  readonly guestAuthority: string;
  /** Azure AD B2C: the path names a policy. */
  readonly b2c: MsalAuth;
  /** Azure AD B2C at the tenant's own domain. */
  readonly b2cCustomDomain: MsalAuth;
  /** Microsoft Entra External ID: the host names the tenant, which MSAL turns into a path. */
  readonly externalId: MsalAuth;
}

const GUEST_TENANT_ID = "e90d7c15-3a46-4f8b-b1d2-60c8f4a79e35";
const DOMAIN = "contoso.onmicrosoft.com";
const POLICY = "b2c_1_sign_in";

/** The path prefix of a requested endpoint: a tenant, optionally with a policy. */
const OTHER_ADDRESS = new RegExp(
  `^/(${GUEST_TENANT_ID}|${DOMAIN})(?:/(${POLICY}))?(/(?:oauth2/v2\\.0/(?:authorize|token|logout)|discovery/v2\\.0/keys))$`,
);
/** Tells the authorization endpoint the path of the original request. */
export const ASKED_AT = "asked_at";

export function otherAuthorities(tenant: Tenant): OtherAuthorities {
  const policyAt = (host: string) =>
    authorityAt(tenant, `https://${host}/${DOMAIN}/${POLICY}/v2.0`, [host], `/${DOMAIN}/${POLICY}`);
  const { authority, knownAuthorities } = msalAuthFor(tenant);
  return {
    anyTenant: authorityAt(tenant, authority, knownAuthorities, "/{tenantid}"),
    guestAuthority: authority.replace(tenant.id, GUEST_TENANT_ID),
    b2c: policyAt("contoso.b2clogin.com"),
    b2cCustomDomain: policyAt("login.contoso.example"),
    externalId: authorityAt(tenant, "https://contoso.ciamlogin.com/", [], `/${DOMAIN}`),
  };
}

/**
 * Answers below the other paths as below the tenant's own. Endpoints that need the session's cookie are redirected,
 * since the cookie belongs to the tenant's path.
 */
export function answerAtOtherAddresses(tenant: Tenant): Middleware {
  return async (ctx, next) => {
    const [, directory, policy, endpoint] = OTHER_ADDRESS.exec(ctx.path) ?? [];
    const path = `${tenant.basePath}${endpoint}`;
    if (endpoint && ctx.method === "GET" && !endpoint.endsWith("/keys")) {
      const query = new URLSearchParams(ctx.querystring);
      query.set(ASKED_AT, ctx.path);
      return ctx.redirect(`${path}?${query}`);
    }
    if (endpoint) {
      Object.assign(stateOf(ctx), { askedAt: ctx.path, policy });
      if (directory === GUEST_TENANT_ID) stateOf(ctx).tenantId = GUEST_TENANT_ID;
      ctx.path = path;
    }
    await next();
  };
}

function authorityAt(tenant: Tenant, authority: string, knownAuthorities: string[], path: string): MsalAuth {
  const auth = msalAuthFor(tenant);
  const authorityMetadata = auth.authorityMetadata.replaceAll(
    `${tenant.origin}${tenant.basePath}`,
    tenant.origin + path,
  );
  return { ...auth, authority, knownAuthorities, authorityMetadata };
}
