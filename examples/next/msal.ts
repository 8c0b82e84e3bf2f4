import { PublicClientApplication } from "@azure/msal-browser";

declare global {
  /** The configuration that the local stack provides. In your site: constants or variables of the build. */
  var demoConfig: {
    msalAuth: { clientId: string; authority: string; knownAuthorities: string[]; authorityMetadata: string };
  };
}

let msal: PublicClientApplication | null = null;

/**
 * The page's one instance. It is made in the browser, since MSAL needs a window. This file has no component, so Fast Refresh
 * does not run it again when a component changes.
 */
export function getMsal(): PublicClientApplication {
  return (msal ??= createMsal());
}

function createMsal(): PublicClientApplication {
  const redirectUri = `${location.origin}/bearer-redirect.html`;
  return new PublicClientApplication({
    auth: {
      ...demoConfig.msalAuth,
      redirectUri,
      postLogoutRedirectUri: redirectUri,
      clientCapabilities: ["CP1"],
    },
  });
}
