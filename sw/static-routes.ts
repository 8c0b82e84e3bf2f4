import type { ResourceEntry } from "../protocol/resource-map.ts";

/** @see https://w3c.github.io/ServiceWorker/#dictdef-routerrule */
interface RouterRule {
  readonly condition: RouterCondition;
  readonly source: "network";
}
interface RouterCondition {
  readonly urlPattern?: URLPatternInit;
  readonly or?: readonly RouterCondition[];
  readonly not?: RouterCondition;
}
interface StaticRouting {
  addRoutes?(rules: readonly RouterRule[]): Promise<void>;
}

/**
 * How many patterns a worker gives the browser at most. A wider pattern costs more than a long list: Chromium loses `keepalive`
 * requests of a leaving frame that reach a worker which leaves them to the browser. See docs/decisions/0006-static-routes.md.
 */
const PATTERNS = 64;

/**
 * Keeps the browser from starting this worker for requests outside the map. In engines without static routes these come to
 * the fetch listener, which returns at once.
 *
 * A pattern may reach further than its key, never less far: the listener decides. The worker must have no other fetch
 * listener, since that one would not get these requests either.
 *
 * @param own a URL that the worker always answers
 */
export function routeOthersToNetwork(
  event: ExtendableEvent & StaticRouting,
  entries: readonly ResourceEntry[],
  own: string,
): void {
  const protectedKeys = entries.filter(({ scopes }) => scopes !== null).map(({ key }) => key);
  const patterns = patternsFor([own, ...protectedKeys]);
  if (!patterns) return;
  const or = patterns.map((urlPattern) => ({ urlPattern }));
  // A browser that refuses the routes has none, and every request starts the worker.
  event.addRoutes?.([{ condition: { not: { or } }, source: "network" }]).catch(() => undefined);
}

/**
 * At most 64 patterns that reach all these keys: one for each, else one for each origin and leading path, else one for
 * each origin. `null` for keys of more origins.
 */
export function patternsFor(keys: readonly string[]): URLPatternInit[] | null {
  for (const pathOf of [asWritten, leadingPath, anyPath]) {
    const patterns = new Map<string, URLPatternInit>();
    for (const key of keys) {
      const pattern = patternOf(key, pathOf);
      patterns.set(JSON.stringify(pattern), pattern);
    }
    if (patterns.size <= PATTERNS) return [...patterns.values()];
  }
  return null;
}

function patternOf(key: string, pathOf: (path: string) => string): URLPatternInit {
  const { protocol, hostname, port, pathname } = new URL(key);
  // Chromium encodes the stars in a host. The colons of an IPv6 address would begin names.
  const host = hostname.replaceAll("%2A", "*").replaceAll(":", "\\:");
  // Characters to which URLPattern gives a meaning become a star.
  const path = pathname.replace(/[^\w/.%-]+/g, "*");
  return { protocol, hostname: host, port, pathname: pathOf(path) };
}

/** A trailing slash makes no difference. */
const asWritten = (path: string): string => `${path.replace(/\/$/, "")}{/}?`;

/** A star can stand for slashes, too. */
function leadingPath(path: string): string {
  const [, first = ""] = path.split("/");
  const star = first.indexOf("*");
  return star < 0 ? `/${first}{/*}?` : `/${first.slice(0, star)}*`;
}

const anyPath = (): string => "*";
