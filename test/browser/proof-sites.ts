import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { beginSession } from "./provider-session.ts";
import { SitePage } from "./fixtures.ts";

/** A site whose library, oidc-client-ts, has a key pair in its store. */
const KEY_SITE = `
import { attachTokens } from "bearer-worker";
import { oidcClientTokenSource } from "bearer-worker/oidc-client-ts";
import { IndexedDbDPoPStore, UserManager } from "oidc-client-ts";

const callback = location.origin + "/callback.html";
window.events = [];
window.users = new UserManager({
  authority: demoConfig.issuer,
  client_id: demoConfig.msalAuth.clientId,
  scope: "openid profile offline_access api://media/Media.Read",
  redirect_uri: callback,
  silent_redirect_uri: callback,
  dpop: { store: new IndexedDbDPoPStore() },
  automaticSilentRenew: false,
});
if (location.pathname === "/callback.html") users.signinCallback();
else {
  window.attached = attachTokens(oidcClientTokenSource(users), {
    protectedResourceMap: {
      [demoConfig.apiOrigin + "/media/*"]: [{ scopes: ["api://media/Media.Read"], tokenType: "DPoP" }],
    },
  });
  const url = demoConfig.apiOrigin + "/media/echo?early";
  const byXhr = new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.onloadend = () => resolve(xhr.status);
    xhr.open("POST", url);
    xhr.send("1 abacus");
  });
  window.ownCalls = Promise.all([fetch(url).then(({ status }) => status), byXhr]);
  window.attached.then((attachment) => {
    for (const type of ["tokenacquired", "tokenfailed", "request"])
      attachment.addEventListener(type, ({ detail }) => events.push({ type, ...detail }));
  });
}
`;

const PAGE = `<!doctype html><title>A site with proofs</title><script src="/demo-config.js"></script><script src="/site-with-keys.js"></script>`;

/** Opens a site whose worker has the key, and signs Ada in there. */
export async function openKeySite(page: Page, stack: Stack): Promise<SitePage> {
  const { outputFiles } = await build({
    stdin: { contents: KEY_SITE, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "silent",
  });
  stack.site.override("/site-with-keys.js", { body: outputFiles[0]?.text ?? "" });
  for (const path of ["/keys.html", "/callback.html"]) stack.site.override(path, { body: PAGE });
  const site = await SitePage.of(page, stack);
  await page.goto(`${stack.site.origin}/keys.html`);
  await site.run(() => window.ownCalls.then(() => undefined));
  await site.attached();
  const callback = `${stack.site.origin}/callback.html`;
  await beginSession(page.request, stack.provider.msalAuth, callback, "ada@contoso.example");
  await site.run(() => window.users.signinSilent().then(() => undefined));
  return site;
}

/** Makes a request of every kind that a site makes. Resolves once each has been answered. */
export const requestAllKinds = async (api: string): Promise<void> => {
  const settled = (target: EventTarget, type: string): Promise<void> =>
    new Promise((resolve, reject) => {
      target.addEventListener(type, () => resolve());
      target.addEventListener("error", () => reject(new Error(`${type} did not come`)));
    });
  const checked = async (response: Promise<Response>): Promise<void> => {
    if (!(await response).ok) throw new Error(`${(await response).status}`);
  };
  const xhr = new XMLHttpRequest();
  xhr.open("GET", `${api}/media/echo?xhr`);
  xhr.send();
  const image = new Image();
  image.src = `${api}/media/photo`;
  const video = document.createElement("video");
  video.src = `${api}/media/clip`;
  const events = new EventSource(`${api}/media/events?events=1`);
  const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  worker.postMessage(`${api}/media/echo?worker`);
  await Promise.all([
    checked(fetch(`${api}/media/echo?fetch#fragment`)),
    checked(fetch(`${api}/media/echo`, { method: "POST", body: "1 abacus" })),
    settled(xhr, "load"),
    settled(image, "load"),
    settled(video, "loadeddata"),
    settled(events, "message"),
    settled(worker, "message"),
  ]);
  events.close();
  worker.terminate();
};
