import type { ProtectedResourceMap, ResourceEntry } from "./resource-map.ts";
import { resolveResourceMap } from "./resource-map.ts";
import { matchesWildcard, parseWildcard, type Wildcard } from "./wildcard.ts";

/** The entry that a request belongs to, and the scopes that its access token needs. */
export interface ResourceMatch {
  readonly key: string;
  readonly scopes: readonly string[];
}

/** Decides whether a request belongs to a protected resource. Synchronous, and throws for nothing. */
export type ResourceMatcher = (url: URL, method: string) => ResourceMatch | null;

/**
 * The scopes that a request's access token needs, or `null` when it gets none. This is the worker's own matching.
 *
 * @param url the request's URL; relative ones count from `base`
 * @param base the document's URL
 * @throws BearerWorkerError `invalid_resource_map`
 */
export function matchProtectedResource(
  map: ProtectedResourceMap,
  url: string,
  method: string,
  base: string,
): readonly string[] | null {
  const match = compileResourceMap(resolveResourceMap(map, base));
  return URL.canParse(url, base) ? (match(new URL(url, base), method)?.scopes ?? null) : null;
}

/** How many origins the matcher keeps apart before it starts over: a bound on memory, not on behaviour. */
const ORIGINS = 256;

/** Prepares entries for matching. Hosts are compared once for each origin, then only the paths of that origin. */
export function compileResourceMap(entries: readonly ResourceEntry[]): ResourceMatcher {
  const resources = entries.map(compileEntry);
  const byOrigin = new Map<string, readonly Resource[]>();

  const resourcesAt = (url: URL): readonly Resource[] => {
    let found = byOrigin.get(url.origin);
    if (!found) {
      found = resources.filter((resource) => resource.hasOrigin(url));
      if (byOrigin.size >= ORIGINS) byOrigin.clear();
      byOrigin.set(url.origin, found);
    }
    return found;
  };

  return (url, method) => {
    // The origin of a blob: URL is that of its creator, yet nothing is requested from there.
    if (url.protocol !== "https:" && url.protocol !== "http:") return null;
    const verb = method.toUpperCase();
    for (const { key, path, search, hash, scopes } of resourcesAt(url)) {
      const asked = scopes.get(scopes.has(verb) ? verb : "");
      if (asked === undefined || !matchesWildcard(path, withoutTrailingSlash(url.pathname))) continue;
      if (search && !matchesWildcard(search, url.search)) continue;
      if (hash && !matchesWildcard(hash, url.hash)) continue;
      return asked && { key, scopes: asked };
    }
    return null;
  };
}

interface Resource {
  readonly key: string;
  readonly scopes: ResourceEntry["scopes"];
  readonly path: Wildcard;
  /** `null` where the key has none: it is not compared then. */
  readonly search: Wildcard | null;
  readonly hash: Wildcard | null;
  hasOrigin(url: URL): boolean;
}

function compileEntry({ key, scopes }: ResourceEntry): Resource {
  const { protocol, hostname, port, pathname, search, hash } = new URL(key);
  const labels = hostname.includes("*") ? hostname.split(".").map(parseWildcard) : null;
  return {
    key,
    scopes,
    path: parseWildcard(withoutTrailingSlash(pathname)),
    search: search ? parseWildcard(search) : null,
    hash: hash ? parseWildcard(hash) : null,
    hasOrigin: (url) =>
      url.protocol === protocol &&
      url.port === port &&
      (labels ? matchesLabels(labels, url.hostname.split(".")) : url.hostname === hostname),
  };
}

/** A star stands for one or more characters of one label, so it never reaches across a dot. */
const matchesLabels = (pattern: readonly Wildcard[], labels: readonly string[]): boolean =>
  pattern.length === labels.length && pattern.every((label, i) => matchesWildcard(label, labels[i] as string, 1));

const withoutTrailingSlash = (path: string): string =>
  path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
