import { forgetUrl } from "../../protocol/forget-url.ts";
import { encodeWorkerUrl, type WorkerConfiguration } from "../../protocol/worker-url.ts";

/** The worker that this page deals with. */
export interface WorkerScript {
  /** The script's URL, with the page's configuration in its query unless the worker is the site's own. */
  readonly url: URL;
  /** The scope for the registration; the directory of the script when left out. */
  readonly scope: string | undefined;
  /** The registration of a worker of the site's own, which brings its map itself. */
  readonly siteRegistration: ServiceWorkerRegistration | null;
}

/** A worker of the site's own. */
export function workerOfSite(siteRegistration: ServiceWorkerRegistration): WorkerScript {
  const { active, waiting, installing, scope } = siteRegistration;
  const worker = active ?? waiting ?? installing;
  return { url: new URL(worker?.scriptURL ?? scope), scope: undefined, siteRegistration };
}

/** A worker that this page registers, with its configuration in the URL. */
export const ownWorker = (
  script: URL,
  scope: string | undefined,
  configuration: WorkerConfiguration,
): WorkerScript => ({ url: encodeWorkerUrl(script, configuration), scope, siteRegistration: null });

/** Whether a worker runs this script, with whatever map. */
export const runsScript = (worker: ServiceWorker, { url }: WorkerScript): boolean =>
  new URL(worker.scriptURL).pathname === url.pathname;

/** Whether a worker runs our script with the map of another page. */
export const hasOtherMap = (worker: ServiceWorker | null | undefined, { url }: WorkerScript): boolean =>
  worker !== null &&
  worker !== undefined &&
  worker.scriptURL !== url.href &&
  worker.scriptURL.includes("bearer-worker=");

/** Whether a worker runs neither our script nor the site's own that was given. */
export const isForeign = (worker: ServiceWorker, script: WorkerScript): boolean =>
  !runsScript(worker, script) && !hasOtherMap(worker, script);

/** The URL that only the worker answers. */
export const ownUrlOf = ({ url }: WorkerScript): string => forgetUrl(url);
