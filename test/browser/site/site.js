// Attaches tokens as a site would, with the options that stand in its URL's fragment, and records its events.
const { attach = {}, msal: configuration = {} } = JSON.parse(
  decodeURIComponent(location.hash.slice(1)) || "{}",
);
const { msalAuth, apiOrigin } = demoConfig;

window.msal = new bearerWorker.PublicClientApplication({
  ...configuration,
  auth: {
    ...msalAuth,
    redirectUri: `${location.origin}/bearer-redirect.html`,
    postLogoutRedirectUri: `${location.origin}/bearer-redirect.html`,
    ...configuration.auth,
  },
});
window.events = [];
window.attached = bearerWorker.attachTokens(window.msal, {
  protectedResourceMap: {
    "/api/health": null,
    "/api/*": [
      { httpMethod: "GET", scopes: ["api://orders/Data.Read"] },
      { httpMethod: "POST", scopes: ["api://orders/Data.Write"] },
    ],
    [`${apiOrigin}/media/*`]: ["api://media/Media.Read"],
  },
  ...attach,
});
window.attached.then((attachment) => {
  for (const type of ["tokenacquired", "tokenfailed", "interactionrequired"]) {
    attachment.addEventListener(type, ({ detail }) => window.events.push({ type, ...detail }));
  }
}, console.warn);
