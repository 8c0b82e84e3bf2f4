import type { WorkerConfiguration } from "../protocol/worker-url.ts";

/** @see https://w3c.github.io/ServiceWorker/#dictdef-routerrule */
interface RouterRule {
  condition: RouterCondition;
  source: "network";
}
interface RouterCondition {
  urlPattern?: URLPatternInit;
  or?: RouterCondition[];
  not?: RouterCondition;
}
type StaticRouting = { addRoutes?(rules: RouterRule[]): Promise<void> };

/** Chromium takes 300 conditions in one `or`, and crashes at some number above. */
const CONDITIONS = 250;

/**
 * Keeps the browser from starting this worker for what the map does not protect. Engines without static routes come to
 * the fetch listener, which returns at once.
 *
 * A pattern may reach further than its key, never less far: the listener decides. The worker must be alone, since no
 * other listener gets these requests either.
 *
 * @param own a URL that is always this worker's to answer
 */
export function routeOthersToNetwork(
  event: ExtendableEvent & StaticRouting,
  { entries }: WorkerConfiguration,
  own: string,
): void {
  const keys = new Set([own, ...entries.map(({ key, scopes }) => (scopes ? key : own))]);
  const or = [...keys].map((key) => ({ urlPattern: patternOf(key) }));
  if (or.length > CONDITIONS) return;
  void event.addRoutes?.([{ condition: { not: { or } }, source: "network" }]);
}

function patternOf(key: string): URLPatternInit {
  const { protocol, hostname, port, pathname } = new URL(key);
  return {
    protocol,
    hostname: hostname.replaceAll("%2A", "*"),
    port,
    // A star for what URLPattern has a meaning of its own for; a trailing slash counts for nothing.
    pathname: `${pathname.replace(/[^\w/.%-]+/g, "*").replace(/\/$/, "")}{/}?`,
  };
}
