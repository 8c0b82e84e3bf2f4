/** Who is signed in, by MSAL.js. Only this file and attach-tokens.js know how. */

const redirectPage = new URL("/bearer-redirect.html", location.href).href;

export const msal = new bearerWorker.PublicClientApplication({
  auth: { ...demoConfig.msalAuth, redirectUri: redirectPage, postLogoutRedirectUri: redirectPage },
  cache: { cacheLocation: "sessionStorage" },
});

export const currentUser = () => msal.getActiveAccount() ?? msal.getAllAccounts()[0] ?? null;

/** Calls back with the account, or null, whenever that has changed. */
export function onUserChange(listener) {
  let last = currentUser()?.homeAccountId;
  msal.addEventCallback(() => {
    const user = currentUser();
    if (user?.homeAccountId === last) return;
    last = user?.homeAccountId;
    listener(user);
  });
}

/** @param {"popup" | "redirect"} by */
export async function signIn(by) {
  // A popup that the user closed would count as in progress for a minute.
  const request = { scopes: [], prompt: "select_account", overrideInteractionInProgress: true };
  if (by === "redirect") return await msal.loginRedirect(request);
  const { account } = await msal.loginPopup(request);
  msal.setActiveAccount(account);
}

export async function signOut() {
  await msal.logoutPopup({ account: currentUser() });
}

/** Forgets the user in this tab and says nothing to the provider. */
export async function forgetUser() {
  await msal.clearCache();
  // Clearing the cache raises no event of MSAL's; this does, and so the worker forgets, too.
  msal.setActiveAccount(null);
}
