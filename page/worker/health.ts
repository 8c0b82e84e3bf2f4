import { type Clock, pause } from "../../pipeline/clock.ts";
import { ASK_VERSION, forgetUrl, PREEMPTED_FIELD, VERSION_FIELD } from "../../protocol/forget-url.ts";
import type { BearerWorkerErrorCode } from "../../protocol/errors.ts";
import { PROTOCOL_VERSION, seal } from "../../protocol/messages.ts";
import { controlled, REPLACE_WITHIN } from "./control.ts";
import { otherWorkerInPlaceOf } from "./other-worker.ts";
import { registerWorker } from "./registration.ts";
import {
  hasOtherMap,
  isForeign,
  isRegisteredTwice,
  runsScript,
  type WorkerScript,
  workersOf,
} from "./worker-script.ts";

/** The parts that the watch over a worker works with. */
export interface HealthParts {
  readonly container: ServiceWorkerContainer;
  readonly script: WorkerScript;
  /** The page's own. */
  readonly registration: ServiceWorkerRegistration | null;
  readonly clock: Clock;
  /** Tells workers whose page this is. */
  readonly announce: () => void;
  /** The worker does not serve this page, for a reason that a new worker does not mend. */
  readonly lost: (code: BearerWorkerErrorCode) => void;
  /** The page's requests may not all reach the worker's route for tokens. */
  readonly doubt: () => void;
  readonly stopped: AbortSignal;
}

/** How many milliseconds a worker may take to be activated. Chromium says so a second later than it is. */
const ACTIVE_WITHIN = 5_000;
/** How many milliseconds a worker may take to answer a message. It may have to start first. */
const ANSWER_WITHIN = 5_000;

/**
 * Finds out when a page is under a worker that does not serve it, which no event tells. Looks now and whenever another worker
 * takes control.
 */
export function watchHealth(parts: HealthParts): void {
  const { container, announce, lost, stopped } = parts;
  let hasRenewed = false;

  const look = async (): Promise<void> => {
    if (stopped.aborted) return;
    // The browser removes a worker with the data of its site. A page that had none yet has not been told to do without.
    if (!container.controller) return parts.registration ? lost("worker_removed") : undefined;
    const isOthers = await isOfOthers(parts);
    if (stopped.aborted) return;
    if (isOthers) return lost(await othersCode(parts));
    const code = await problemOf(parts);
    if (!code || !container.controller) return;
    // A worker that removes itself leaves no registration, and its page's requests to themselves.
    await activated(container.controller, parts.clock);
    if (stopped.aborted || !(await container.getRegistration())) return;
    if (code !== "worker_bypassed" || hasRenewed) return lost(code);
    hasRenewed = true;
    await renew(parts);
    if (stopped.aborted) return;
    announce();
    await look();
  };
  const lookSoon = (): void => void look().catch(() => undefined);
  container.addEventListener("controllerchange", lookSoon, { signal: stopped });
  lookSoon();

  // A new worker that waits for the old one to finish is kept running by a message. See docs/decisions/0011-waiting-workers.md.
  void container.ready.then((registration) => {
    if (stopped.aborted) return;
    const greet = (worker: ServiceWorker | null): void => {
      if (worker && !isForeign(worker, parts.script)) worker.postMessage(seal({ type: "claim" }));
    };
    greet(registration.waiting);
    const found = (): void => greet(registration.installing);
    found();
    registration.addEventListener("updatefound", found, { signal: stopped });
  });
}

/** Whether the worker in control is not this page's, and is not about to give way to it. */
async function isOfOthers({ container, script }: HealthParts): Promise<boolean> {
  const { controller } = container;
  const isOwn = ({ scriptURL }: ServiceWorker): boolean =>
    scriptURL === script.url.href || scriptURL === renewedUrl(script).href;
  if (!controller || isOwn(controller)) return false;
  const isAnother = [hasOtherMap, isForeign, isRegisteredTwice].some((is) => is(controller, script));
  return isAnother && !workersOf(await container.getRegistration()).some(isOwn);
}

/**
 * Names the kind of the other worker. A registration of this page's script with a scope of its own stands between the page
 * and its worker, and is removed: no page of this map makes one, but an injected script can.
 */
async function othersCode({
  container,
  script,
  registration,
  stopped,
}: HealthParts): Promise<BearerWorkerErrorCode> {
  const { controller } = container;
  if (controller && !hasOtherMap(controller, script)) return "other_worker";
  const between = await container.getRegistration();
  const isOurs = between?.active && runsScript(between.active, script);
  const isBetween = registration && between?.scope !== registration.scope && isOurs;
  // A page that has detached meanwhile may be attached anew, with another scope.
  if (isBetween && !stopped.aborted) await between.unregister();
  return "worker_map_differs";
}

/**
 * Asks the worker in control for its version, by a request that no server answers so. A worker whose other listener would have
 * answered says so: that listener may leave protected requests alone, or may not.
 */
async function problemOf({
  container: { controller },
  script,
  clock,
  doubt,
}: HealthParts): Promise<BearerWorkerErrorCode | null> {
  if (!controller) return null;
  const ownUrl = forgetUrl(new URL(controller.scriptURL));
  const answer = await fetch(ownUrl, ASK_VERSION).catch(() => null);
  const version = answer?.headers.get(VERSION_FIELD);
  if (answer?.headers.has(PREEMPTED_FIELD)) doubt();
  if (!answer || version === `${PROTOCOL_VERSION}`) return null;
  if (version) return "worker_incompatible";
  const isBypassed = isOurWorker(script.url) || (await answersMessages(controller, clock));
  return isBypassed ? "worker_bypassed" : "worker_without_route";
}

/** Whether a worker has this package: messages reach a worker that requests pass by. */
async function answersMessages(worker: ServiceWorker, clock: Clock): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<boolean>((resolve) => (port1.onmessage = () => resolve(true)));
  worker.postMessage(seal({ type: "claim" }), [port2]);
  const silent = pause(clock, ANSWER_WITHIN).then(() => false);
  return await Promise.race([answered, silent]).finally(() => port1.close());
}

/**
 * Puts a new worker of the same kind in the worker's place, by another URL and back. Chromium sends a page's requests past
 * its worker for good when that was stopped at the wrong moment. See docs/decisions/0012-renewed-worker.md.
 */
async function renew({ container, script, clock, stopped }: HealthParts): Promise<void> {
  if (container.controller?.scriptURL !== script.url.href || !isOurWorker(script.url)) return;
  for (const url of [renewedUrl(script), script.url]) {
    await activated(container.controller, clock);
    // Another package's worker that is on its way answered in our worker's place, and keeps the scope.
    if (stopped.aborted || otherWorkerInPlaceOf(script, await container.getRegistration())) return;
    await registerWorker(script, url)
      .then(() => controlled(container, url, REPLACE_WITHIN, clock))
      .catch(() => undefined);
  }
}

/** Another URL of the same script with the same map. */
const renewedUrl = ({ url }: WorkerScript): URL => new URL(`${url.href}&`);

/** A worker of the site's own that imports ours would not come back as the same worker. */
const isOurWorker = ({ href }: URL): boolean => /\/bearer-sw\.js\?.*bearer-worker=/.test(href);

/** While a worker is being activated, Chromium lets the next one wait, and forgets about it. */
async function activated(worker: ServiceWorker | null, clock: Clock): Promise<void> {
  const ended = new AbortController();
  const done = new Promise<void>((resolve) => {
    const look = (): void => {
      if (worker?.state !== "activating") resolve();
    };
    worker?.addEventListener("statechange", look, ended);
    look();
  });
  await Promise.race([done, pause(clock, ACTIVE_WITHIN)]);
  ended.abort();
}
