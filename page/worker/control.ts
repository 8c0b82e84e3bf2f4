import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { seal } from "../../protocol/messages.ts";
import { decodeWorkerUrl } from "../../protocol/worker-url.ts";
import { isCurrent, registerWorker } from "./registration.ts";
import { otherWorkerError, otherWorkerInPlaceOf } from "./other-worker.ts";
import { hasOtherMap, type WorkerScript } from "./worker-script.ts";

/** How many milliseconds a worker may take to install, activate and claim the page. */
const CONTROL_WITHIN = 20_000;
/** The same if the page has another way to attach tokens meanwhile. */
export const REPLACE_WITHIN = 2_000;
/** How often the worker is asked to take control. */
const ASK_EVERY = 1_000;

/** The worker that the page has, and whether it serves the page. */
export interface Control {
  /** The page's own registration, if there is one. */
  readonly registration: ServiceWorkerRegistration | null;
  /** Whether all requests of the page go through the worker. Otherwise the page attaches tokens itself until its next load. */
  readonly isServed: boolean;
  /** Keys of the page's map that the worker which loaded the page does not have. Their images and scripts go bare until the next load. */
  readonly lacking: readonly string[];
}

/** No worker serves the page. */
export const UNSERVED: Control = { registration: null, isServed: false, lacking: [] };

/**
 * Registers the worker, and waits until it controls the page. A page that the worker controls already registers nothing: the
 * browser looks for a newer script by itself on each load, and a registration could replace a worker that has come meanwhile. A
 * page that finds the worker of another map goes on after two seconds: Chromium keeps that one in control while it has requests
 * of other pages under way.
 *
 * A worker that is not ours is never replaced: the two would take the scope from each other on every load.
 *
 * @param fallback `fetch` lets a page do without a worker where another one has its place, or the browser allows none
 * @throws BearerWorkerError as `registerWorker` does, `service_worker_unavailable`, `other_worker` and `worker_not_in_control`
 */
export async function takeControl(
  container: ServiceWorkerContainer,
  script: WorkerScript,
  fallback: "none" | "fetch",
  clock: Clock,
): Promise<Control> {
  let found: ServiceWorkerRegistration | undefined;
  try {
    // The browser answers this at once. It may keep `register` waiting for seconds behind an update of its own.
    found = await container.getRegistration();
  } catch (cause) {
    // A browser that blocks the site's data has the object, and refuses its use.
    if (fallback === "fetch") return UNSERVED;
    throw noServiceWorkersError(cause);
  }
  const other = otherWorkerInPlaceOf(script, found);
  if (other && fallback === "fetch") return UNSERVED;
  if (other) throw otherWorkerError(other);
  if (isCurrent(found, container, script)) return { registration: found, isServed: true, lacking: [] };
  const { controller } = container;
  const registration = await registerWorker(script);
  if (!hasOtherMap(controller, script) && !hasOtherMap(registration.active, script)) {
    const isReplaced = async (): Promise<void> => {
      const newer = otherWorkerInPlaceOf(script, await container.getRegistration());
      if (newer) throw otherWorkerError(newer);
    };
    await controlled(container, script.url, CONTROL_WITHIN, clock, isReplaced);
    return { registration, isServed: true, lacking: [] };
  }
  // In Chromium the old worker's static routes stay with the documents that it had from the beginning.
  const hasOldRoutes = "userAgentData" in navigator && hasOtherMap(controller, script);
  const isControlled = await controlled(container, script.url, REPLACE_WITHIN, clock).then(
    () => true,
    () => false,
  );
  const lacking = isControlled && hasOldRoutes ? keysLackedBy(controller, script) : [];
  return { registration, isServed: isControlled && lacking.length === 0, lacking };
}

/** The page's keys that a worker's map does not have. */
function keysLackedBy(worker: ServiceWorker | null, { url }: WorkerScript): readonly string[] {
  const keysOf = (script: URL): readonly string[] =>
    decodeWorkerUrl(script)?.entries.flatMap(({ key, scopes }) => (scopes ? key : [])) ?? [];
  const known = new Set(worker ? keysOf(new URL(worker.scriptURL)) : []);
  return [...new Set(keysOf(url))].filter((key) => !known.has(key));
}

/**
 * Waits until the page's requests go through the worker with this script. Our worker claims its pages on a first visit; any
 * other, and every worker after a hard reload, is asked to as soon as it is active.
 *
 * @param look rejects when there is no use in waiting any longer
 * @throws BearerWorkerError `worker_not_in_control`, and the error of `look`
 */
export async function controlled(
  container: ServiceWorkerContainer,
  { href, pathname }: URL,
  milliseconds: number,
  clock: Clock,
  look: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const ended = new AbortController();
  let cancel = (): void => undefined;
  const control = new Promise<void>((resolve, reject) => {
    const hasChanged = (): void => {
      if (container.controller?.scriptURL === href) resolve();
    };
    // Until a worker has had an event, Chromium may keep the next one waiting for it. But an event may also start the old
    // worker anew just as that one ends, so it has none while another one waits.
    const ask = (): void => {
      look().catch(reject);
      void container.ready.then(({ active, waiting }) =>
        (waiting ?? active)?.postMessage(seal({ type: "claim" })),
      );
      cancel = clock.after(ASK_EVERY, ask);
    };
    container.addEventListener("controllerchange", hasChanged, ended);
    hasChanged();
    if (container.controller?.scriptURL !== href) ask();
  });
  await within(clock, milliseconds, control, () => notInControl(pathname, container)).finally(() => {
    cancel();
    ended.abort();
  });
}

/** The page has no service workers, and no other way to attach tokens. */
export const noServiceWorkersError = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError(
    "service_worker_unavailable",
    'This page has no service workers. Serve it from https or localhost, leave the private window, allow the site to keep data, or set the option "fallback" to "fetch".',
    { cause },
  );

const notInControl = (pathname: string, { controller }: ServiceWorkerContainer): BearerWorkerError =>
  new BearerWorkerError(
    "worker_not_in_control",
    `The worker ${pathname} did not take control of this page in time. ${
      controller
        ? `Another worker is in control: ${new URL(controller.scriptURL).pathname}. Give one of the two another scope, or join both in one script.`
        : "Its console may tell why: an error in the worker's script keeps it from starting."
    }`,
  );
