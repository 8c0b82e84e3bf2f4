import type { RequestListener } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * The demo's source of DPoP tokens: oidc-client-ts, since MSAL makes proofs for https alone. A token of the provider has one
 * audience, and the library keeps one token. So each API has a manager of its own.
 */
const SOURCE = `
import { oidcClientTokenSource } from "bearer-worker/oidc-client-ts";
import { IndexedDbDPoPStore, UserManager, WebStorageStateStore } from "oidc-client-ts";

const callback = location.origin + "/bound-callback.html";
const managerFor = (scope) =>
  new UserManager({
    authority: demoConfig.issuer,
    client_id: demoConfig.msalAuth.clientId,
    scope: "openid profile offline_access " + scope,
    redirect_uri: callback,
    userStore: new WebStorageStateStore({ store: sessionStorage, prefix: "bound." + scope }),
    dpop: { store: new IndexedDbDPoPStore() },
    automaticSilentRenew: false,
  });
const managers = [
  managerFor("api://orders/Data.Read api://orders/Data.Write"),
  managerFor("api://media/Media.Read"),
];
const sources = managers.map((users) => oidcClientTokenSource(users));
const [orders, media] = sources;
const sourceFor = ({ scopes }) => (scopes[0].startsWith("api://media/") ? media : orders);

export const source = {
  ...orders,
  ready: async () => void (await Promise.all(sources.map((each) => each.ready()))),
  account: () => media.account() && orders.account(),
  acquireSilent: (request) => sourceFor(request).acquireSilent(request),
  acquireInteractive: (request, ...rest) => sourceFor(request).acquireInteractive(request, ...rest),
  subscribe(listener) {
    const stops = sources.map((each) => each.subscribe(listener));
    return () => stops.forEach((stop) => stop());
  },
};

/** Signs in the user of MSAL here, too, or signs out. */
export async function follow(user) {
  for (const users of managers) {
    if (user) await users.signinSilent({ login_hint: user.username });
    // The library has one key for all tabs, and removes it with the user.
    else if (await users.getUser()) await users.removeUser();
  }
}

export const finish = () => managers[0].signinCallback();
`;

/** Gives the error class of the page's own copy of the package. */
const SHIM = "export const { BearerWorkerError } = globalThis.bearerWorker;";

let bundled: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "error",
    plugins: [
      {
        name: "the-page's-own-copy",
        setup(plugins) {
          plugins.onResolve({ filter: /^bearer-worker$/ }, () => ({ path: "shim", namespace: "shim" }));
          plugins.onLoad({ filter: /.*/, namespace: "shim" }, () => ({ contents: SHIM }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

/** Answers with the script, which is bundled when it is first asked for. */
export const serveBoundTokens: RequestListener = (_request, response) => {
  bundled ??= bundle();
  bundled.then(
    (text) => response.setHeader("Content-Type", "text/javascript; charset=utf-8").end(text),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
};
