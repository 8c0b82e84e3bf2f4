import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { listenOnLoopback } from "../loopback-listener.ts";
import { createStaticHost, type StaticHost } from "../static-host.ts";
import { type EntraSettings, GRAPH } from "./entra-settings.ts";

/** The demo against a real tenant. It has one port, and no provider or API of its own. */
export interface EntraSite {
  readonly site: StaticHost;
  /** The redirect URI that the app registration must list for a single-page application. */
  readonly redirectUri: string;
  close(): Promise<void>;
}

/**
 * Serves the demo's page with other requests, for the tenant in `settings`.
 *
 * @throws Error that names the port, when it is taken
 */
export async function startEntraSite(port: number, settings: EntraSettings): Promise<EntraSite> {
  const listener = await listenOnLoopback(port);
  const site = createStaticHost(listener.origin, {
    roots: ["dev/docs-site/dist", "dev/entra/site", "public", "dist"],
    routes: {
      "/demo-config.js": (_request, response) => {
        response.setHeader("Content-Type", "text/javascript; charset=utf-8");
        response.end(demoConfig(settings));
      },
    },
  });
  const page = await readFile(fileURLToPath(new URL("../../public/index.html", import.meta.url)), "utf8");
  site.override("/", { body: allowOrigins(page, settings) });
  site.override("/attach-tokens.js", { body: attachTokens(settings) });
  listener.serve(site.handle);
  return {
    site,
    redirectUri: `${listener.origin}/bearer-redirect.html`,
    close: () => listener.close(),
  };
}

/** The configuration that the page gets from the server. */
function demoConfig({ clientId, authority, resource, key }: EntraSettings): string {
  const config = {
    // MSAL knows Microsoft's clouds, and asks them about any host that is not listed here.
    msalAuth: { clientId, authority, knownAuthorities: [new URL(authority).host] },
    resource,
    photo: resource === GRAPH ? `${GRAPH}/photo/$value` : null,
    map: key,
  };
  return `globalThis.demoConfig = ${JSON.stringify(config, null, 2)};\n`;
}

/** The page's policy names the local provider and API; a real tenant and its API take their place. */
function allowOrigins(page: string, { authority, resource }: EntraSettings): string {
  const origins = [...new Set([authority, resource].map((url) => new URL(url).origin))].join(" ");
  return page.replaceAll("http://localhost:*", origins);
}

/** The page shows the source of this file. */
function attachTokens({ key, scopes }: EntraSettings): string {
  return `import { msal } from "./sign-in.js";

export const attachment = bearerWorker.attachTokens(msal, {
  protectedResourceMap: {
    ${JSON.stringify(key)}: ${JSON.stringify(scopes).replaceAll('","', '", "')},
  },
});
`;
}
