import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { DIST } from "./ours.ts";
import { REGISTER, type Subject } from "./subject.ts";

const SCOPES = `["api://orders/Data.Read"]`;
const MAP = `{ "/api/*": [{ scopes: ${SCOPES}, tokenType: "DPoP" }] }`;
const worker = (): Readonly<Record<string, string>> => ({
  "sw.js": readFileSync(join(DIST, "bearer-sw.js"), "utf8"),
});

/** Lets MSAL make a proof for one request. */
const ACQUIRE = `
    const acquire = (url, method) =>
      msal.acquireTokenSilent({
        scopes: ${SCOPES},
        account: msal.getActiveAccount(),
        authenticationScheme: "DPoP",
        resourceRequestMethod: method,
        resourceRequestUri: url,
      });`;

/** The code that each call site needs without a worker: MSAL gives a token and a proof for one request. */
const byHand: Subject = {
  name: "bound-by-hand",
  title: "acquireTokenSilent with DPoP, then fetch",
  usesMsal: true,
  attaches: true,
  page: `${ACQUIRE}
    return async (url, init = {}) => {
      const { accessToken, dpopProof } = await acquire(new URL(url, location.href).href, init.method ?? "GET");
      return await fetch(url, { ...init, headers: { Authorization: "DPoP " + accessToken, DPoP: dpopProof } });
    };`,
};

/** The smallest worker that asks the page for each proof: the limit where the page has the key. */
const askingForProof: Subject = {
  name: "asking-for-proof",
  title: "smallest worker that asks for proofs",
  usesMsal: true,
  attaches: true,
  files: () => ({
    "sw.js": `
      addEventListener("fetch", (event) => {
        if (!new URL(event.request.url).pathname.startsWith("/api/")) return;
        event.respondWith(authorize(event));
      });
      async function authorize({ request, clientId }) {
        const page = await clients.get(clientId);
        const { port1, port2 } = new MessageChannel();
        const { accessToken, dpopProof } = await new Promise((resolve) => {
          port1.onmessage = ({ data }) => resolve(data);
          page.postMessage({ url: request.url, method: request.method }, [port2]);
        });
        const authorized = new Request(request);
        authorized.headers.set("Authorization", "DPoP " + accessToken);
        authorized.headers.set("DPoP", dpopProof);
        return await fetch(authorized);
      }
      addEventListener("install", () => skipWaiting());
      addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
  }),
  page: `${ACQUIRE}
    navigator.serviceWorker.onmessage = async ({ data: { url, method }, ports: [port] }) => {
      const { accessToken, dpopProof } = await acquire(url, method);
      port.postMessage({ accessToken, dpopProof });
    };
    ${REGISTER}`,
};

/** This package with MSAL: the worker asks the page for each proof, and MSAL signs. */
const pageSigns: Subject = {
  name: "page-signs",
  title: "bearer-worker, the page signs",
  usesMsal: true,
  attaches: true,
  files: worker,
  page: `await bearerWorker.attachTokens(msal, { serviceWorker: "sw.js", protectedResourceMap: ${MAP} });`,
};

/** A site with oidc-client-ts, whose key pair goes to the worker. */
const SITE = `
import { attachTokens } from "bearer-worker";
import { oidcClientTokenSource } from "bearer-worker/oidc-client-ts";
import { IndexedDbDPoPStore, UserManager } from "oidc-client-ts";

const callback = new URL("callback.html", location.href).href;
const users = new UserManager({
  authority: demoConfig.issuer,
  client_id: demoConfig.msalAuth.clientId,
  scope: "openid profile offline_access api://orders/Data.Read",
  redirect_uri: callback,
  silent_redirect_uri: callback,
  dpop: { store: new IndexedDbDPoPStore() },
  automaticSilentRenew: false,
});
export const finish = () => users.signinCallback();
export async function attach() {
  await users.signinSilent();
  await attachTokens(oidcClientTokenSource(users), { serviceWorker: "sw.js", protectedResourceMap: ${MAP} });
}
`;

/** This package with a library that has a key pair: the worker signs, and asks nobody. */
const workerSigns: Subject = {
  name: "worker-signs",
  title: "bearer-worker, the worker signs",
  attaches: true,
  files: () => ({
    ...worker(),
    "site.js": bundled(SITE),
    "callback.html": `<!doctype html><script src="/demo-config.js"></script>
      <script type="module">import { finish } from "./site.js"; await finish();</script>`,
  }),
  page: `await (await import("./site.js")).attach();`,
};

/** The same package with bearer tokens, on the same servers. */
const bearer: Subject = {
  name: "bearer",
  title: "bearer-worker, bearer tokens",
  usesMsal: true,
  attaches: true,
  files: worker,
  page: `await bearerWorker.attachTokens(msal, { serviceWorker: "sw.js", protectedResourceMap: { "/api/*": ${SCOPES} } });`,
};

function bundled(contents: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

export const BOUND_SUBJECTS: readonly Subject[] = [byHand, askingForProof, bearer, pageSigns, workerSigns];
