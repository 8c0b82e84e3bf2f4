/** The directory and the one application registered in it, at the addresses where this provider serves them. */
export interface Tenant {
  readonly id: string;
  readonly clientId: string;
  readonly origin: string;
  readonly siteOrigin: string;
  readonly issuer: string;
  /** The common path prefix of the tenant's endpoints. */
  readonly basePath: string;
  readonly signInPath: string;
  readonly discoveryPath: string;
  readonly routes: {
    authorization: string;
    token: string;
    end_session: string;
    jwks: string;
    userinfo: string;
  };
}

const TENANT_ID = "0b6f4c3e-91d7-4a58-8e2c-7d35f0a1b964";
const CLIENT_ID = "4b1d6f0e-8a52-4c37-9e4d-2f7a61b3c985";

/** Lays out the addresses as Microsoft Entra ID v2.0 does. */
export function createTenant(origin: string, siteOrigin: string): Tenant {
  const basePath = `/${TENANT_ID}`;
  return {
    id: TENANT_ID,
    clientId: CLIENT_ID,
    origin,
    siteOrigin,
    issuer: `${origin}${basePath}/v2.0`,
    basePath,
    signInPath: `${basePath}/sign-in`,
    discoveryPath: `${basePath}/v2.0/.well-known/openid-configuration`,
    routes: {
      authorization: `${basePath}/oauth2/v2.0/authorize`,
      token: `${basePath}/oauth2/v2.0/token`,
      end_session: `${basePath}/oauth2/v2.0/logout`,
      jwks: `${basePath}/discovery/v2.0/keys`,
      userinfo: `${basePath}/openid/userinfo`,
    },
  };
}

/** MSAL's `auth` without the redirect URI. */
export interface MsalAuth {
  readonly clientId: string;
  readonly authority: string;
  readonly knownAuthorities: string[];
  readonly authorityMetadata: string;
}

/**
 * MSAL refuses an http authority, so the authority is an https URL that is never fetched. The metadata comes with the
 * configuration, and its endpoints are the real ones.
 */
export function msalAuthFor({ clientId, origin, basePath, issuer, routes }: Tenant): MsalAuth {
  const { host } = new URL(origin);
  return {
    clientId,
    authority: `https://${host}${basePath}`,
    knownAuthorities: [host],
    authorityMetadata: JSON.stringify({
      issuer,
      authorization_endpoint: `${origin}${routes.authorization}`,
      token_endpoint: `${origin}${routes.token}`,
      end_session_endpoint: `${origin}${routes.end_session}`,
      jwks_uri: `${origin}${routes.jwks}`,
    }),
  };
}
