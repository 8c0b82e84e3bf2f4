import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { seal } from "../../protocol/messages.ts";
import { currentRegistration, registerWorker } from "./registration.ts";
import { hasOtherMap, type WorkerScript } from "./worker-script.ts";

/** How many milliseconds a worker may take to install, activate and claim the page. */
const CONTROL_WITHIN = 20_000;
/** The same if the page has another way to attach tokens meanwhile. */
export const REPLACE_WITHIN = 2_000;
/** How often the worker is asked to take control. */
const ASK_EVERY = 1_000;

/** A registered worker. */
export interface Control {
  readonly registration: ServiceWorkerRegistration;
  /** Whether all requests of the page go through the worker. Otherwise the page attaches tokens itself until its next load. */
  readonly isServed: boolean;
}

/**
 * Registers the worker, and waits until it controls the page. A page that the worker controls already does not wait for the
 * registration, and reports an error in it. A page that finds the worker of another map goes on after two
 * seconds: Chromium keeps that one in control while it has requests of other pages under way.
 *
 * @throws BearerWorkerError as `registerWorker` does, and `worker_not_in_control`
 */
export async function takeControl(
  container: ServiceWorkerContainer,
  script: WorkerScript,
  clock: Clock,
): Promise<Control> {
  const current = await currentRegistration(container, script);
  if (current) {
    registerWorker(script).catch(reportError);
    return { registration: current, isServed: true };
  }
  const { controller } = container;
  const registration = await registerWorker(script);
  if (!hasOtherMap(controller, script) && !hasOtherMap(registration.active, script)) {
    await controlled(container, script.url, CONTROL_WITHIN, clock);
    return { registration, isServed: true };
  }
  // In Chromium the old worker's static routes stay with the documents that it had from the beginning.
  const hasOldRoutes = "userAgentData" in navigator && hasOtherMap(controller, script);
  const isControlled = await controlled(container, script.url, REPLACE_WITHIN, clock).then(
    () => true,
    () => false,
  );
  return { registration, isServed: isControlled && !hasOldRoutes };
}

/**
 * Waits until the page's requests go through the worker with this script. Our worker claims its pages on a first visit; any
 * other, and every worker after a hard reload, is asked to as soon as it is active.
 *
 * @throws BearerWorkerError `worker_not_in_control`
 */
export async function controlled(
  container: ServiceWorkerContainer,
  { href, pathname }: URL,
  milliseconds: number,
  clock: Clock,
): Promise<void> {
  const ended = new AbortController();
  const control = new Promise<void>((resolve) => {
    const look = (): void => {
      if (container.controller?.scriptURL === href) resolve();
    };
    container.addEventListener("controllerchange", look, ended);
    look();
  });
  let cancel = (): void => undefined;
  // Until a worker has had an event, Chromium may keep the next one waiting for it.
  const ask = (): void => {
    void container.ready.then(({ active }) => active?.postMessage(seal({ type: "claim" })));
    cancel = clock.after(ASK_EVERY, ask);
  };
  if (container.controller?.scriptURL !== href) ask();
  await within(clock, milliseconds, control, () => notInControl(pathname, container)).finally(() => {
    cancel();
    ended.abort();
  });
}

const notInControl = (pathname: string, { controller }: ServiceWorkerContainer): BearerWorkerError =>
  new BearerWorkerError(
    "worker_not_in_control",
    `The worker ${pathname} did not take control of this page in time. ${
      controller
        ? `Another worker is in control: ${new URL(controller.scriptURL).pathname}. Give one of the two another scope, or join both in one script.`
        : "Its console may tell why: an error in the worker's script keeps it from starting."
    }`,
  );
