import { BearerWorkerError } from "../protocol/errors.ts";
import {
  type ProtectedResourceMap,
  type ResourceEntry,
  resolveResourceMap,
} from "../protocol/resource-map.ts";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import type { Settings } from "./options.ts";
import type { TokenSource } from "./token-source.ts";

/**
 * The map's entries, made safe for the identity library: its own requests must never wait for a token. What a wildcard
 * could reach of the provider, the redirect pages or the worker's script is taken out by entries of its own, ahead of the
 * others.
 *
 * @param script the worker's, or the registration of a site's own
 * @throws BearerWorkerError `invalid_resource_map`
 */
export function protectedEntries(
  map: ProtectedResourceMap,
  { providerOrigins, redirectPages }: Pick<TokenSource, "providerOrigins" | "redirectPages">,
  script: Settings["serviceWorker"],
): readonly ResourceEntry[] {
  const entries = resolveResourceMap(map, document.baseURI);
  for (const { key, scopes } of entries) {
    const { origin } = new URL(key);
    if (!scopes || !providerOrigins.includes(origin)) continue;
    throw new BearerWorkerError(
      "invalid_resource_map",
      `protectedResourceMap: ${origin} is the identity provider: remove it`,
    );
  }
  const own = [...redirectPages, ...("scope" in Object(script) ? [] : [script as string])].map((file) => {
    const { origin, pathname } = new URL(file, document.baseURI);
    // The redirect page's script stands beside it.
    return origin + pathname.replace(/\.html$/, ".*");
  });
  const reaches = compileResourceMap(
    entries.map(({ key }) => ({ key: new URL("/*", key).href, method: "", scopes: [] })),
  );
  const providers = providerOrigins
    .filter((origin) => reaches(new URL(origin), ""))
    .map((origin) => `${origin}/*`);
  return [...[...own, ...providers].map((key) => ({ key, method: "", scopes: null })), ...entries];
}
