import type { RequestListener } from "node:http";
import { serveBoundTokens } from "./bound-tokens.ts";
import { createIdentityProvider, type IdentityProvider } from "./identity-provider/identity-provider.ts";
import { type Certificate, loopbackCertificate } from "./loopback-certificate.ts";
import { DEFAULT_PORT, listenOnLoopback, type LoopbackListener } from "./loopback-listener.ts";
import { createProtectedApi, type ProtectedApi } from "./protected-api/protected-api.ts";
import { createStaticHost, type StaticHost } from "./static-host.ts";

/** The site, the provider that signs its users in and the API that it uses, each on a port of `localhost`. */
export interface Stack {
  readonly site: StaticHost;
  readonly provider: IdentityProvider;
  readonly api: ProtectedApi;
  /**
   * Closes the port of one of the three. Connections are refused, as if its machine were gone.
   *
   * @returns a function that opens the port again, with all state kept
   */
  takeDown(part: "site" | "provider" | "api"): Promise<() => Promise<void>>;
  /** Resets all three to their initial state. */
  reset(): void;
  /** Closes all three and every open connection at once. */
  close(): Promise<void>;
}

export interface StackOptions {
  /** The site's port. The provider takes the next port, the API the one after. 0 takes any three free ports. */
  readonly port?: number;
  /** Directories that the site's files come from; the first hit wins. */
  readonly roots?: string[];
  /** Whether the site is a single-page app, which handles paths without a file itself. Default: false. */
  readonly isSinglePage?: boolean;
  /** Handles paths without a file, such as the development server of a bundler. Default: 404. */
  readonly otherwise?: RequestListener;
  /** Whether all three are https, with a certificate that has signed itself. Default: false. */
  readonly isHttps?: boolean;
}

/**
 * Starts the servers of the demo and the browser tests. Several stacks can run in one process.
 *
 * @throws Error that names the port, when one of the three is taken
 */
export async function startStack({
  port = DEFAULT_PORT,
  roots = ["dev/docs-site/dist", "public", "dist"],
  isSinglePage,
  otherwise,
  isHttps = false,
}: StackOptions = {}): Promise<Stack> {
  const certificate = isHttps ? loopbackCertificate() : undefined;
  const [site, provider, api] = await listenOnThreePorts(port, certificate);
  const identityProvider = await createIdentityProvider(provider.origin, site.origin);
  const protectedApi = createProtectedApi(api.origin, site.origin, identityProvider, certificate);
  const staticHost = createStaticHost(site.origin, {
    roots,
    isSinglePage,
    otherwise,
    routes: {
      "/api/": protectedApi.handle,
      "/media/": protectedApi.handle,
      "/bound-tokens.js": serveBoundTokens,
      "/demo-config.js": (_request, response) => {
        response.setHeader("Content-Type", "text/javascript; charset=utf-8");
        response.end(demoConfig(identityProvider, protectedApi));
      },
    },
  });

  site.serve(staticHost.handle);
  provider.serve(identityProvider.handle);
  api.serve(protectedApi.handle);
  await protectedApi.loadKeys();
  const stack: Stack = {
    site: staticHost,
    provider: identityProvider,
    api: protectedApi,
    takeDown: (part) => ({ site, provider, api })[part].goDown(),
    reset() {
      for (const part of [staticHost, identityProvider, protectedApi]) part.reset();
    },
    async close() {
      await Promise.all([site, provider, api].map((listener) => listener.close()));
    },
  };
  stack.reset();
  return stack;
}

async function listenOnThreePorts(
  port: number,
  certificate: Certificate | undefined,
): Promise<[LoopbackListener, LoopbackListener, LoopbackListener]> {
  const opened: LoopbackListener[] = [];
  const listen = async (offset: number) => {
    const listener = await listenOnLoopback(port === 0 ? 0 : port + offset, certificate);
    opened.push(listener);
    return listener;
  };
  try {
    return [await listen(0), await listen(1), await listen(2)];
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.close()));
    throw error;
  }
}

/** The demo page's configuration: the origins and settings of provider and API. */
function demoConfig({ msalAuth, issuer, origin }: IdentityProvider, api: ProtectedApi): string {
  const config = { msalAuth, issuer, apiOrigin: api.origin, providerOrigin: origin };
  return `globalThis.demoConfig = ${JSON.stringify(config, null, 2)};\n`;
}
