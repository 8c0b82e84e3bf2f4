import { forgetUrl } from "../../protocol/forget-url.ts";
import type { ResourceEntry } from "../../protocol/resource-map.ts";
import { encodeWorkerUrl } from "../../protocol/worker-url.ts";
import { registrationIn, type Settings } from "../options.ts";

/** The worker that this page deals with. */
export interface WorkerScript {
  /** The script's URL, with the page's configuration in its query unless the worker is the site's own. */
  readonly url: URL;
  /** The scope for the registration; the directory of the script when left out. */
  readonly scope: string | undefined;
  /** The registration of a worker of the site's own, which brings its map itself. */
  readonly siteRegistration: ServiceWorkerRegistration | null;
}

export function workerScript(
  settings: Settings,
  entries: readonly ResourceEntry[],
  base: string,
): WorkerScript {
  const { serviceWorker, scope, navigations } = settings;
  const siteRegistration = registrationIn(settings);
  if (siteRegistration) {
    const { active, waiting, installing } = siteRegistration;
    const scriptURL = (active ?? waiting ?? installing)?.scriptURL ?? siteRegistration.scope;
    return { url: new URL(scriptURL), scope, siteRegistration };
  }
  const script = new URL(serviceWorker as string | URL, base);
  return { url: encodeWorkerUrl(script, { entries, navigations }), scope, siteRegistration };
}

/** Whether a worker runs this script, with whatever map. */
export const runsScript = (worker: ServiceWorker, { url }: WorkerScript): boolean =>
  new URL(worker.scriptURL).pathname === url.pathname;

/** Whether a worker runs our script with the map of another page. */
export const hasOtherMap = (worker: ServiceWorker | null | undefined, { url }: WorkerScript): boolean =>
  worker !== null &&
  worker !== undefined &&
  worker.scriptURL !== url.href &&
  worker.scriptURL.includes("bearer-worker=");

/** The URL that only the worker answers. */
export const ownUrlOf = ({ url }: WorkerScript): string => forgetUrl(url);
