/** The address of MSAL's redirect page, as a line of a script. */
export const redirectUriLine = (base: string): string =>
  `const redirectUri = \`\${location.origin}${base}bearer-redirect.html\`;`;

/** The configuration of MSAL, as lines of a script, after `redirectUri` was declared. */
export const CONFIGURATION = `{
  auth: {
    clientId: "<your site's client id>",
    authority: "https://login.microsoftonline.com/<your tenant id>",
    redirectUri,
    postLogoutRedirectUri: redirectUri,
    // Tells Entra ID that this site answers claims challenges: an API may ask for a new sign-in at once.
    clientCapabilities: ["CP1"],
  },
}`;

/** The options of `attachTokens`, as lines of a script. */
export const options = (base: string): string => `{
  protectedResourceMap: { "/api/*": ["api://<your API's client id>/<scope>"] },${
    base === "/" ? "" : `\n  serviceWorker: "${base}bearer-sw.js",`
  }
}`;

/** Indents all lines but the first. */
export const indented = (text: string, by: number): string => text.replaceAll("\n", `\n${" ".repeat(by)}`);
