import type { Subject } from "./subject.ts";

/**
 * The pattern of MSAL's documentation for every call site.
 *
 * @see https://github.com/AzureAD/microsoft-authentication-library-for-js/blob/dev/lib/msal-browser/docs/acquire-token.md
 */
export const msalPattern: Subject = {
  name: "msal-pattern",
  title: "acquireTokenSilent, then fetch",
  usesMsal: true,
  attaches: true,
  page: `
    return async (url, init) => {
      const request = { scopes: ["api://orders/Data.Read"], account: msal.getActiveAccount() };
      const { accessToken } = await msal.acquireTokenSilent(request);
      return await fetch(url, { ...init, headers: { Authorization: "Bearer " + accessToken } });
    };`,
};
