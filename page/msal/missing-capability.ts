import type { IPublicClientApplication } from "@azure/msal-browser";

/** By the loopback names that browsers let use service workers over plain http. */
const isDevelopment = ({ hostname }: Pick<Location, "hostname">): boolean =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);

let hasWarned = false;

/**
 * Warns once if an API has sent a claims challenge to an app that has not told Entra that it answers such challenges.
 *
 * Developers see it, and users do not: it needs a page on localhost. The built files are the same for every site, so no build
 * of theirs says that this is development.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge#client-capabilities
 */
export function warnOfMissingCapability(
  msal: Pick<IPublicClientApplication, "getConfiguration">,
  page: Pick<Location, "hostname"> = location,
): void {
  const { clientCapabilities } = msal.getConfiguration().auth;
  const isCapable = clientCapabilities.some((capability) => capability.toUpperCase() === "CP1");
  if (isCapable || hasWarned || !isDevelopment(page)) return;
  hasWarned = true;
  console.warn(
    `bearer-worker: an API has sent a claims challenge, and MSAL's configuration has no clientCapabilities: ["CP1"]. The challenge was passed on to the provider. Add the capability to "auth": without it Entra and Microsoft's APIs send no such challenges, and a revoked token works until it ends.\nSee bearer-worker/docs/troubleshooting.md#a-claims-challenge-without-cp1`,
  );
}
