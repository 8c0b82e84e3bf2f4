import { BoundedMap } from "./bounded-map.ts";
import { indexByHead } from "./pattern-index.ts";
import { type ProtectedResourceMap, type ResourceEntry, resolveResourceMap } from "./resource-map.ts";
import type { BoundTokenType } from "./token-type.ts";
import { originOf, parseUrl } from "./url.ts";
import { matchesWildcard, parseWildcard, type Wildcard } from "./wildcard.ts";

/** The entry that a request belongs to, and the scopes that its access token needs. */
export interface ResourceMatch extends Pick<ResourceEntry, "key" | "headers"> {
  readonly scopes: readonly string[];
  /** Left out for bearer tokens. */
  readonly tokenType?: BoundTokenType;
}

/** Decides whether a request belongs to a protected resource. Synchronous, and never throws. */
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

/** Prepares entries for matching: scheme and host are looked up first, then the path among the entries of that host. */
export function compileResourceMap(entries: readonly ResourceEntry[]): ResourceMatcher {
  const resources = entries.map(compileEntry);
  const findByOrigin = indexByHead(resources, ({ origin }) => origin);
  const finders = new BoundedMap<string, (path: string) => readonly Resource[]>(HOSTS_KEPT);

  const finderFor = (origin: string): ((path: string) => readonly Resource[]) => {
    const known = finders.get(origin);
    if (known) return known;
    const atOrigin = findByOrigin(origin).filter((resource) => isAt(resource, origin));
    const finder = indexByHead(atOrigin, ({ path }) => path);
    finders.set(origin, finder);
    return finder;
  };

  return (url, method) => {
    const pathname = withoutTrailingSlash(url.pathname);
    let first: Resource | null = null;
    for (const resource of finderFor(reversedOrigin(url))(pathname)) {
      if (first && first.order < resource.order) continue;
      if (resource.method !== null && resource.method !== method.toUpperCase()) continue;
      if (!matchesWildcard(resource.path, pathname) || !matchesWildcard(resource.search, url.search))
        continue;
      if (matchesWildcard(resource.hash, url.hash)) first = resource;
    }
    if (!first?.scopes) return null;
    const { key, scopes, headers, tokenType } = first;
    return { key, scopes, headers, ...(tokenType && { tokenType }) };
  };
}

/** How many hosts keep an index of their paths. A wildcard host can stand for any number. */
const HOSTS_KEPT = 100;

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
    origin: parseWildcard(reversedOrigin(url)),
    path: parseWildcard(withoutTrailingSlash(url.pathname)),
    // A key without a query or fragment fits any.
    search: parseWildcard(url.search || "*"),
    hash: parseWildcard(url.hash || "*"),
  };
}

/**
 * The origin with its labels in reverse: hosts of one map differ at their ends, and their stars stand in front. Not by
 * `url.origin`, which for a blob: URL is the origin of its creator.
 */
const reversedOrigin = (url: URL): string => originOf(url).split(".").reverse().join(".");

/** A star stands for one or more characters and never for a dot, so key and host have the same number of labels. */
const isAt = ({ origin }: Resource, requested: string): boolean =>
  matchesWildcard(origin, requested, 1) && labelsOf(origin.join("")) === labelsOf(requested);

const labelsOf = (host: string): number => host.split(".").length;

const withoutTrailingSlash = (path: string): string =>
  path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
