import { indexByHead } from "./pattern-index.ts";
import { type ProtectedResourceMap, type ResourceEntry, resolveResourceMap } from "./resource-map.ts";
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

/** Prepares entries for matching: scheme and host are looked up first, then the path among what that host has. */
export function compileResourceMap(entries: readonly ResourceEntry[]): ResourceMatcher {
  const likeOrigin = indexByHead(entries.map(compileEntry), ({ origin }) => origin);
  const byOrigin = new Map<string, (path: string) => readonly Resource[]>();

  return (url, verb) => {
    const origin = fromTheEnd(url);
    let likePath = byOrigin.get(origin);
    if (!likePath) {
      const resources = likeOrigin(origin).filter((resource) => isAt(resource, origin));
      likePath = indexByHead(resources, ({ path }) => path);
      byOrigin.set(origin, likePath);
    }

    const pathname = withoutTrailingSlash(url.pathname);
    let first: Resource | undefined;
    for (const resource of likePath(pathname)) {
      const { order, method, path, search, hash } = resource;
      if (first && first.order < order) continue;
      if (method && method !== verb.toUpperCase()) continue;
      if (!matchesWildcard(path, pathname) || !matchesWildcard(search, url.search)) continue;
      if (matchesWildcard(hash, url.hash)) first = resource;
    }
    return first?.scopes ? (first as ResourceMatch) : null;
  };
}

interface Resource extends ResourceEntry {
  /** Its place in the map. */
  readonly order: number;
  readonly origin: Wildcard;
  readonly path: Wildcard;
  readonly search: Wildcard;
  readonly hash: Wildcard;
}

function compileEntry(entry: ResourceEntry, order: number): Resource {
  const url = new URL(entry.key);
  return {
    ...entry,
    order,
    origin: parseWildcard(fromTheEnd(url)),
    path: parseWildcard(withoutTrailingSlash(url.pathname)),
    // Where the key has none, any will do.
    search: parseWildcard(url.search || "*"),
    hash: parseWildcard(url.hash || "*"),
  };
}

/**
 * The origin with its labels in reverse, since hosts of one map differ at their ends while their stars stand in front. Not
 * by url.origin, which for a blob: URL is that of its creator.
 */
const fromTheEnd = (url: URL): string => originOf(url).split(".").reverse().join(".");

/** A star stands for one or more characters, and does not reach across a dot: there are as many in both then. */
const isAt = ({ origin }: Resource, requested: string): boolean =>
  matchesWildcard(origin, requested, 1) && dotsOf(origin.join("")) === dotsOf(requested);

const dotsOf = (host: string): number => host.split(".").length;

const withoutTrailingSlash = (path: string): string =>
  path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
