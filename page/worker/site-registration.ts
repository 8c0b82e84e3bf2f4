import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { isRegistration } from "../options.ts";

/** How many milliseconds the site has to register its worker. */
const REGISTERED_WITHIN = 10_000;

/**
 * The registration of the site's own worker, which a promise may give.
 *
 * @throws BearerWorkerError `worker_registration_failed` when the promise rejects, gives something else, or gives nothing in
 * time
 */
export async function registrationOfSite(given: unknown, clock: Clock): Promise<ServiceWorkerRegistration> {
  const registration = await within(clock, REGISTERED_WITHIN, Promise.resolve(given), noRegistration).catch(
    (cause: unknown) => {
      throw cause instanceof BearerWorkerError ? cause : noRegistration(cause);
    },
  );
  if (isRegistration(registration)) return registration;
  throw noRegistration();
}

const noRegistration = (cause?: unknown): BearerWorkerError =>
  new BearerWorkerError(
    "worker_registration_failed",
    'The promise in the option "serviceWorker" gave no registration within 10 seconds. "navigator.serviceWorker.ready" waits for ever where nothing registers a worker: register it, or leave the option out where the site has none.',
    { cause },
  );
