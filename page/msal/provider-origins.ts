import type { IPublicClientApplication } from "@azure/msal-browser";

type MsalAuth = ReturnType<IPublicClientApplication["getConfiguration"]>["auth"];

/**
 * Sign-in hosts of Microsoft's clouds. MSAL goes to any alias of the one that is configured, and asks the first about
 * hosts that it does not know.
 */
const CLOUDS = [
  ".microsoftonline.com",
  "-us.microsoftonline.com",
  ".windows.net",
  ".microsoft.com",
  ".partner.microsoftonline.cn",
  ".chinacloudapi.cn",
  ".microsoftonline.de",
  ".microsoftonline.us",
  ".usgovcloudapi.net",
  ".sovcloud-identity.fr",
  ".sovcloud-identity.de",
  ".sovcloud-identity.sg",
];

/**
 * Every origin that MSAL talks to, as far as its configuration tells: what a provider's discovery document names on
 * other hosts is not known before MSAL has fetched it.
 *
 * @param authority that of the app's own requests, where it has another
 */
export function providerOrigins(
  { authority, knownAuthorities, authorityMetadata, cloudDiscoveryMetadata }: MsalAuth,
  requestAuthority?: string,
): readonly string[] {
  const urls = [
    authority,
    requestAuthority,
    ...knownAuthorities.map((host) => `https://${host}`),
    // Not Graph, which gets tokens.
    authorityMetadata.replace(/"userinfo_\w+"[^,}]+/, ""),
    cloudDiscoveryMetadata.replace(/"(?=[\w-]+\.)/g, " https://"),
    "https://sts.windows.net",
    ...CLOUDS.map((cloud) => `https://login${cloud}`),
  ].join(" ");
  // A known authority may have a scheme.
  return [...new Set(urls.match(/https?:\/\/(?!https?:)[^/\s"]+/g))].map((url) => new URL(url).origin);
}
