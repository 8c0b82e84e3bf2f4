/** The signed-in user, by MSAL.js. Only this file and attach-tokens.js use MSAL. */

const redirectPage = new URL("/bearer-redirect.html", location.href).href;

export const msal = new bearerWorker.PublicClientApplication({
  auth: {
    ...demoConfig.msalAuth,
    redirectUri: redirectPage,
    postLogoutRedirectUri: redirectPage,
    clientCapabilities: ["CP1"],
  },
  cache: { cacheLocation: "sessionStorage" },
});

/** Resolves once MSAL knows the user. Rejects when the user has come back without having signed in. */
export const signInReady = (async () => {
  await msal.initialize();
  await msal.handleRedirectPromise();
})();

/** The same, whether the user has signed in or not. */
export const userKnown = signInReady.catch(() => undefined);

export const currentUser = () => msal.getActiveAccount() ?? msal.getAllAccounts()[0] ?? null;

/** Other libraries that sign the same user in and out. */
const followers = [];

/** Calls `follow` with the account, or null, at each change of the user. Its promise is over before the page hears of the change. */
export const beforeUserChange = (follow) => followers.push(follow);

/** The functions that hear of each change of the user, in this order. */
const listeners = [];

/** Calls `listener` with the account, or null, after each change of the user. */
export function onUserChange(listener) {
  if (listeners.push(listener) === 1) watchUser();
}

function tellListeners() {
  for (const listener of listeners) listener(currentUser());
}

function watchUser() {
  let last = currentUser()?.homeAccountId;
  msal.addEventCallback(() => {
    const user = currentUser();
    if (user?.homeAccountId === last) return;
    last = user?.homeAccountId;
    void Promise.all(followers.map((follow) => follow(user))).then(tellListeners);
  });
}

/** @param {"popup" | "redirect"} by */
export async function signIn(by) {
  // MSAL would treat a popup that the user closed as in progress for a minute.
  const request = { scopes: [], prompt: "select_account", overrideInteractionInProgress: true };
  if (by === "redirect") return await msal.loginRedirect(request);
  const { account } = await msal.loginPopup(request);
  msal.setActiveAccount(account);
}

export async function signOut() {
  await msal.logoutPopup({ account: currentUser() });
}

/** Forgets the user in this tab without telling the provider. */
export async function forgetUser() {
  await msal.clearCache();
  // clearCache() raises no event in MSAL. setActiveAccount() does, so the worker forgets its tokens too.
  msal.setActiveAccount(null);
}
