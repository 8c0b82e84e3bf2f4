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
  const worker = siteRegistration.active ?? workersOf(siteRegistration)[0];
  return { url: new URL(worker?.scriptURL ?? siteRegistration.scope), scope: undefined, siteRegistration };
}

/** A worker that this page registers, with its configuration in the URL. */
export const ownWorker = (
  script: URL,
  scope: string | undefined,
  configuration: WorkerConfiguration,
): WorkerScript => ({ url: encodeWorkerUrl(script, configuration), scope, siteRegistration: null });

/** Whether a worker runs this script, with whatever map, or belongs to the registration that the site gave. */
export const runsScript = ({ scriptURL }: ServiceWorker, { url, siteRegistration }: WorkerScript): boolean =>
  new URL(scriptURL).pathname === url.pathname ||
  workersOf(siteRegistration).some((worker) => worker.scriptURL === scriptURL);

/** The workers of a registration, the newest first. */
export const workersOf = (registration: ServiceWorkerRegistration | null | undefined): ServiceWorker[] =>
  [registration?.installing, registration?.waiting, registration?.active].filter((worker) => !!worker);

/** Whether a worker runs our script with the map of another page. */
export const hasOtherMap = (worker: ServiceWorker | null | undefined, { url }: WorkerScript): boolean =>
  !!worker && worker.scriptURL !== url.href && hasMap(worker);

/**
 * Whether a worker runs the script that this page registers as something else has registered it, without a map in its URL. The
 * two would replace each other on every load.
 */
export const isRegisteredTwice = (worker: ServiceWorker, script: WorkerScript): boolean =>
  !script.siteRegistration && runsScript(worker, script) && !hasMap(worker);

const hasMap = ({ scriptURL }: ServiceWorker): boolean => scriptURL.includes("bearer-worker=");

/** Whether a worker runs neither our script nor the site's own that was given. */
export const isForeign = (worker: ServiceWorker, script: WorkerScript): boolean =>
  !runsScript(worker, script) && !hasOtherMap(worker, script);
