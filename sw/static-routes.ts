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

/** Chromium takes 300 conditions in one `or`, and crashes at some number above. */
const CONDITIONS = 250;

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
  const or = [...new Set([own, ...protectedKeys])].map((key) => ({ urlPattern: patternOf(key) }));
  if (or.length > CONDITIONS) return;
  void event.addRoutes?.([{ condition: { not: { or } }, source: "network" }]);
}

function patternOf(key: string): URLPatternInit {
  const { protocol, hostname, port, pathname } = new URL(key);
  return {
    protocol,
    hostname: hostname.replaceAll("%2A", "*"),
    port,
    // Characters to which URLPattern gives a meaning become a star. A trailing slash makes no difference.
    pathname: `${pathname.replace(/[^\w/.%-]+/g, "*").replace(/\/$/, "")}{/}?`,
  };
}
