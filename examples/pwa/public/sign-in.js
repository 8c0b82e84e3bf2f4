// Signing in with MSAL, and the one call that gives this site's requests their tokens. No other script knows of either.
const redirectUri = `${location.origin}/bearer-redirect.html`;
const msal = new bearerWorker.PublicClientApplication({
  auth: { ...demoConfig.msalAuth, redirectUri, postLogoutRedirectUri: redirectUri },
});

const attached = navigator.serviceWorker
  .register("/sw.js")
  .then((serviceWorker) => bearerWorker.attachTokens(msal, { protectedResourceMap, serviceWorker }));

/** The name of who is signed in, or undefined. */
const currentUser = () => (msal.getActiveAccount() ?? msal.getAllAccounts()[0])?.name;

async function signIn() {
  const { account } = await msal.loginPopup({ scopes: [], overrideInteractionInProgress: true });
  msal.setActiveAccount(account);
}

async function signOut() {
  await msal.logoutPopup();
  // A cache knows no users.
  await caches.delete("personal");
}
