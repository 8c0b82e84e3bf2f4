// A page of script tags: the types come with `"types": ["bearer-worker/bearer-page.js"]`.
const msal = new bearerWorker.PublicClientApplication({
  auth: { clientId: "c", redirectUri: `${location.origin}/bearer-redirect.html` },
});
bearerWorker
  .attachTokens(msal, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } })
  .then((attachment) =>
    attachment.addEventListener("tokenacquired", ({ detail }) => detail.scopes.join(" ")),
  );

// @ts-expect-error -- a map is missing
bearerWorker.attachTokens(msal, {});
// @ts-expect-error -- no more of MSAL than what is there
new bearerWorker.StandardController();
