// A site that signs in with MSAL. The tests let it attach tokens and make requests.
import { kinds } from "./kinds.js";
import { settled } from "./settled.js";
import { variants } from "./variants.js";

const { msalAuth, apiOrigin } = demoConfig;
const bridge = `${location.origin}/bearer-redirect.html`;

window.msal = new bearerWorker.PublicClientApplication({ auth: { ...msalAuth, redirectUri: bridge } });

window.attach = async (options) => {
  await bearerWorker.attachTokens(window.msal, {
    protectedResourceMap: {
      "/media/*": ["api://media/Media.Read"],
      [`${apiOrigin}/media/*`]: ["api://media/Media.Read"],
    },
    interaction: "none",
    ...options,
  });
};

window.signIn = async () => {
  await window.msal.initialize();
  // The caller's promise must resolve before the page is left.
  setTimeout(() => void window.msal.loginRedirect({ scopes: ["openid"] }));
};

/** Makes a request of this kind. Resolves to its result. */
window.perform = (name, url) => {
  const { run } = kinds.find((kind) => kind.name === name);
  document.body.replaceChildren();
  return settled(run(url));
};

/** Sends a variant. Resolves to the answer as the page sees it. */
window.vary = async (name, url) => {
  document.body.replaceChildren();
  return await variants.find((variant) => variant.name === name).run(url);
};

window.siteReady = true;
