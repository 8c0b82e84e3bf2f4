/** The configuration that the local stack provides. In your site: constants or variables of the build. */
declare global {
  var demoConfig: {
    /** MSAL's `auth`: `clientId`, `authority`, and the extra fields for a provider without https. */
    msalAuth: { clientId: string; authority: string; knownAuthorities: string[]; authorityMetadata: string };
    apiOrigin: string;
  };
}

export const { msalAuth, apiOrigin } = globalThis.demoConfig;
