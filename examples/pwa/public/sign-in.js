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

const attached = navigator.serviceWorker
  .register("/sw.js")
  .then((serviceWorker) => bearerWorker.attachTokens(msal, { protectedResourceMap, serviceWorker }));

/** The name of the signed-in user, or undefined. */
const currentUser = () => (msal.getActiveAccount() ?? msal.getAllAccounts()[0])?.name;

async function signIn() {
  const { account } = await msal.loginPopup({ scopes: [], overrideInteractionInProgress: true });
  msal.setActiveAccount(account);
}

async function signOut() {
  try {
    await msal.logoutPopup();
  } finally {
    // The cache does not separate users. MSAL has forgotten this one, even if the popup was blocked.
    await caches.delete("personal");
  }
}
