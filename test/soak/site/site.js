// A site that signs in with MSAL and attaches tokens.
const { msalAuth, apiOrigin } = demoConfig;
const { documentId, probe, say, send } = soak;
const redirectUri = `${location.origin}/bearer-redirect.html`;

const msal = new bearerWorker.PublicClientApplication({
  auth: { ...msalAuth, redirectUri, postLogoutRedirectUri: redirectUri },
  // Tokens live for less than a minute here. MSAL's default would take all of them for expired.
  system: { tokenRenewalOffsetSeconds: 1 },
});
const attached = bearerWorker.attachTokens(msal, {
  interaction: "none",
  protectedResourceMap: {
    "/api/*": [
      { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
      { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
    ],
    [`${apiOrigin}/media/*`]: ["api://media/Media.Read"],
    ...added,
  },
});

// The user is signed in before the page loads, so the page's first requests need tokens. After a hard reload there is no
// worker, and only calls of fetch wait for it.
if (sessionStorage.signedIn) {
  const early = (kind, url) => {
    const id = `${documentId}-${kind}`;
    void send({ id, kind, url: `${url}?soak=${id}` });
  };
  early("fetch", "/api/orders");
  if (navigator.serviceWorker.controller) {
    early("xhr", "/api/orders");
    early("img", `${apiOrigin}/media/photo`);
    probe();
  }
}

soak.signIn = async (loginHint) => {
  const { account } = await msal.loginPopup({ scopes: ["openid"], loginHint, prompt: "select_account" });
  msal.setActiveAccount(account);
  sessionStorage.signedIn = "yes";
};

attached.then(
  (attachment) => {
    attachment.addEventListener("tokenfailed", ({ detail: { code, reason, outcome } }) =>
      say({ type: "tokenfailed", code, reason, outcome }),
    );
    say({ type: "attached" });
  },
  ({ code, message }) => say({ type: "unattached", error: `${code}: ${message}` }),
);
// A page whose worker is bypassed replaces it by a worker with such a URL.
navigator.serviceWorker.addEventListener("controllerchange", () => {
  if (navigator.serviceWorker.controller.scriptURL.endsWith("&")) say({ type: "mended" });
});
addEventListener("unhandledrejection", ({ reason }) => say({ type: "error", error: String(reason) }));
addEventListener("error", ({ message }) => say({ type: "error", error: message }));
