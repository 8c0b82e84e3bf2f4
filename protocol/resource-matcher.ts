import type { ProtectedResourceMap, ResourceEntry } from "./resource-map.ts";
import { resolveResourceMap } from "./resource-map.ts";
import { originOf, parseUrl } from "./url.ts";
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
  const requested = parseUrl(url, base);
  return (requested && match(requested, method)?.scopes) ?? null;
}

/** Prepares entries for matching. Hosts are compared once for each origin, then only the paths of that origin. */
export function compileResourceMap(entries: readonly ResourceEntry[]): ResourceMatcher {
  const resources = entries.map(compileEntry);
  const byOrigin = new Map<string, readonly Resource[]>();

  const resourcesAt = (url: URL): readonly Resource[] => {
    // Not url.origin, which for a blob: URL is that of its creator.
    const origin = originOf(url);
    let found = byOrigin.get(origin);
    if (!found) {
      const labels = origin.split(".");
      found = resources.filter((resource) => matchesLabels(resource.origin, labels));
      byOrigin.set(origin, found);
    }
    return found;
  };

  return (url, method) => {
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
  /** Label by label, since a star does not reach across a dot. */
  readonly origin: readonly Wildcard[];
  readonly path: Wildcard;
  /** `null` where the key has none: it is not compared then. */
  readonly search: Wildcard | null;
  readonly hash: Wildcard | null;
}

function compileEntry({ key, scopes }: ResourceEntry): Resource {
  const url = new URL(key);
  return {
    key,
    scopes,
    origin: originOf(url).split(".").map(parseWildcard),
    path: parseWildcard(withoutTrailingSlash(url.pathname)),
    search: url.search ? parseWildcard(url.search) : null,
    hash: url.hash ? parseWildcard(url.hash) : null,
  };
}

/** A star stands for one or more characters. */
const matchesLabels = (pattern: readonly Wildcard[], labels: readonly string[]): boolean =>
  pattern.length === labels.length &&
  pattern.every((label, i) => matchesWildcard(label, labels[i] as string, 1));

const withoutTrailingSlash = (path: string): string =>
  path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
