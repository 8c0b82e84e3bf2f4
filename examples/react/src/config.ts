/** What the local stack knows and this site cannot: in yours, constants or variables of the build. */
declare global {
  var demoConfig: {
    /** MSAL's `auth`: `clientId`, `authority`, and what a provider without https needs besides. */
    msalAuth: { clientId: string; authority: string; knownAuthorities: string[]; authorityMetadata: string };
    apiOrigin: string;
  };
}

export const { msalAuth, apiOrigin } = globalThis.demoConfig;
