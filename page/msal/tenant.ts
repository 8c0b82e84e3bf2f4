import type { AccountInfo, IPublicClientApplication } from "@azure/msal-browser";

/** An authority of Entra ID: a host, and a tenant by its id, its domain, `common` or `organizations`. */
const AUTHORITY = /^(https:\/\/(?![^/]*\.ciamlogin\.com\/)[^/]+\/)([^/]+)\/?$/i;
/** Other providers have no tenant, or another claim in its place. */
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The authority of the account's own tenant, where MSAL's configuration names another one or several. MSAL would go to the
 * configured one, and take the token of the user's other account there.
 *
 * @returns `undefined` where the configuration decides
 */
export function authorityOfTenant(
  { tenantId }: AccountInfo,
  { auth, system }: ReturnType<IPublicClientApplication["getConfiguration"]>,
): string | undefined {
  // MSAL before 5 has the protocol in `auth`.
  const protocols = [system.protocolMode, (auth as { protocolMode?: string }).protocolMode];
  const [, host, tenant] = AUTHORITY.exec(auth.authority) ?? [];
  if (!host || !GUID.test(tenantId) || (protocols as unknown[]).includes("OIDC")) return undefined;
  return tenant === "consumers" || tenant?.toLowerCase() === tenantId.toLowerCase()
    ? undefined
    : host + tenantId;
}
