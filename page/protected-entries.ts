import { BearerWorkerError } from "../protocol/errors.ts";
import {
  type ProtectedResourceMap,
  type ResourceEntry,
  resolveResourceMap,
} from "../protocol/resource-map.ts";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import { originOf, parseUrl } from "../protocol/url.ts";
import type { TokenSource } from "./token-source.ts";

/**
 * The map's entries, made safe for the identity library: its own requests must never wait for a token. Entries ahead of the
 * others exclude the provider, the redirect pages and the worker's script from the reach of wildcards.
 *
 * @param script the worker's script, unless the worker is the site's own
 * @param base the document's URL
 * @throws BearerWorkerError `invalid_resource_map`, and `invalid_options` for a source that names no URL
 */
export function protectedEntries(
  map: ProtectedResourceMap,
  source: Pick<TokenSource, "providerOrigins" | "redirectPages" | "tokenType">,
  script: URL | null,
  base: string,
): readonly ResourceEntry[] {
  const { redirectPages } = source;
  const providerOrigins = source.providerOrigins.map(originOfProvider);
  const entries = entriesFor(map, source, base);
  for (const { key, scopes } of entries) {
    const { origin } = new URL(key);
    if (scopes === null || !providerOrigins.includes(origin)) continue;
    throw new BearerWorkerError(
      "invalid_resource_map",
      `The option "protectedResourceMap" names ${origin}, which is the identity provider. Remove that key: the provider never gets a token.`,
    );
  }

  const files = script === null ? redirectPages : [...redirectPages, script];
  const ownFiles = files.flatMap((file) => {
    const { origin, pathname } = urlOfPage(file, base);
    // The redirect URI of an app in another app has a scheme of its own, such as `brk-multihub:`. No page stands there.
    if (origin === "null") return [];
    // The redirect page's script stands beside it.
    return [origin + pathname.replace(/\.html$/, ".*")];
  });
  const excluded = [...ownFiles, ...reachedOrigins(entries, providerOrigins).map((origin) => `${origin}/*`)];
  return [...excluded.map((key) => ({ key, method: null, scopes: null })), ...entries];
}

function originOfProvider(url: string): string {
  const parsed = parseUrl(url);
  // A host with a port and no scheme is read as a URL of that scheme, which has no origin.
  if (parsed && parsed.origin !== "null") return parsed.origin;
  throw new BearerWorkerError(
    "invalid_options",
    `The token source's option "providerOrigins" names "${url}", which is no URL. Write the origin with its scheme, as in "https://login.example.com".`,
  );
}

function urlOfPage(page: string | URL, base: string): URL {
  const parsed = parseUrl(page, base);
  if (parsed) return parsed;
  throw new BearerWorkerError(
    "invalid_options",
    `The token source's option "redirectPages", or MSAL's "redirectUri", names what is no URL. Write the URL of the redirect page, as in "/redirect.html".`,
  );
}

/** The origins that keys with a wildcard in their host reach. */
function reachedOrigins(entries: readonly ResourceEntry[], origins: readonly string[]): readonly string[] {
  const roots = entries.map(({ key }) => new URL("/*", key)).filter((root) => originOf(root).includes("*"));
  if (roots.length === 0) return [];
  const isReached = compileResourceMap(roots.map(({ href }) => ({ key: href, method: null, scopes: [] })));
  return origins.filter((origin) => isReached(new URL(origin), "GET"));
}

/**
 * The map's entries. A source whose tokens are all of one type decides for the map.
 *
 * @throws BearerWorkerError `invalid_resource_map`
 */
function entriesFor(
  map: ProtectedResourceMap,
  { tokenType }: Pick<TokenSource, "tokenType">,
  base: string,
): readonly ResourceEntry[] {
  const entries = resolveResourceMap(map, base);
  return tokenType ? entries.map((entry) => (entry.scopes ? { ...entry, tokenType } : entry)) : entries;
}
