import { BearerWorkerError } from "../../protocol/errors.ts";
import { scopeOf } from "./registration.ts";
import { isForeign, type WorkerScript, workersOf } from "./worker-script.ts";

/**
 * The worker of another package that has the place of the page's own: it is registered for the same scope, or for one within
 * that reaches the page. The registration that a site has given has its place.
 *
 * @param registration the one that reaches the page
 */
export function otherWorkerInPlaceOf(
  script: WorkerScript,
  registration: ServiceWorkerRegistration | undefined,
): ServiceWorker | null {
  if (!registration?.scope.startsWith(scopeOf(script))) return null;
  if (registration.scope === script.siteRegistration?.scope) return null;
  const [newest] = workersOf(registration);
  return newest && isForeign(newest, script) ? newest : null;
}

export function otherWorkerError({ scriptURL }: Pick<ServiceWorker, "scriptURL">): BearerWorkerError {
  const { pathname } = new URL(scriptURL);
  return new BearerWorkerError(
    "other_worker",
    `Another worker, ${pathname}, is registered for this page, and a scope has one worker. Join both in one script and name it in the option "serviceWorker", give one of them another scope, or unregister the other one. The option "fallback": "fetch" attaches tokens in the page instead.`,
  );
}
