// Sign-in with MSAL, and the call that attaches tokens to this site's requests. No other script handles either.
const redirectUri = `${location.origin}/bearer-redirect.html`;
const msal = new bearerWorker.PublicClientApplication({
  auth: {
    ...demoConfig.msalAuth,
    redirectUri,
    postLogoutRedirectUri: redirectUri,
    clientCapabilities: ["CP1"],
  },
});

const attached = bearerWorker.attachTokens(msal, {
  protectedResourceMap: {
    "/api/health": null,
    "/api/*": [
      { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
      { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
    ],
    [`${demoConfig.apiOrigin}/media/*`]: ["api://media/Media.Read"],
  },
});

/** The name of the signed-in user, or undefined. */
const currentUser = () => (msal.getActiveAccount() ?? msal.getAllAccounts()[0])?.name;

async function signIn() {
  const { account } = await msal.loginPopup({ scopes: [], overrideInteractionInProgress: true });
  msal.setActiveAccount(account);
}

const signOut = () => msal.logoutPopup();
