/** Signs in with MSAL by redirect, and acquires tokens for the API. */
// The redirect page of the same build.
const pageScript = document.querySelector("script[src$='bearer-page.js']");
const redirectUri = new URL("bearer-redirect.html", pageScript.src).href;
const options = new URLSearchParams(location.search);
globalThis.msal = new bearerWorker.PublicClientApplication({
  auth: { ...demoConfig.msalAuth, redirectUri, postLogoutRedirectUri: redirectUri },
  // By default MSAL treats a token that lives for seconds as expired.
  ...(options.has("short") && { system: { tokenRenewalOffsetSeconds: 1 } }),
});

const scopes = ["api://orders/Data.Read"];
globalThis.signedIn = (async () => {
  await msal.initialize();
  const result = await msal.handleRedirectPromise();
  if (result) msal.setActiveAccount(result.account);
  return Boolean(msal.getActiveAccount());
})();

globalThis.signIn = () => msal.loginRedirect({ scopes });
globalThis.acquire = async (more) =>
  (await msal.acquireTokenSilent({ scopes, account: msal.getActiveAccount(), ...more })).accessToken;
