import { Workbox } from "workbox-window/Workbox.js";
import { BearerWorkerError } from "../protocol/errors.ts";
import { seal } from "../protocol/messages.ts";

/** How long a worker may take to install, activate and claim the page. */
const CONTROL_WITHIN = 20_000;

/**
 * Registers the worker.
 *
 * @throws BearerWorkerError `service_worker_unavailable`, `page_out_of_scope`, `worker_registration_failed`
 */
export async function registerWorker(
  script: URL,
  scope: string | undefined,
): Promise<ServiceWorkerRegistration> {
  const { href } = new URL(scope ?? "./", scope === undefined ? script : document.baseURI);
  if (!("serviceWorker" in navigator)) {
    throw new BearerWorkerError(
      "service_worker_unavailable",
      "No service workers here: use https or localhost, no private window",
    );
  }
  if (!location.href.startsWith(href)) {
    throw new BearerWorkerError(
      "page_out_of_scope",
      `${location.pathname} is outside the scope ${href}: move the worker up, or send Service-Worker-Allowed with it and set "scope"`,
    );
  }
  try {
    const registration = await new Workbox(script.href, { scope: href }).register({ immediate: true });
    return registration as ServiceWorkerRegistration;
  } catch (cause) {
    throw new BearerWorkerError(
      "worker_registration_failed",
      `The browser refused ${script.pathname}, which answers ${await look(script)}: it must be JavaScript of this origin, not redirected, allowed by CSP's worker-src. "npx bearer-worker init <dir>" copies it`,
      { cause },
    );
  }
}

/** Browsers say little about why they refuse a script: status and type tell most of it. */
const look = (script: URL): Promise<string> =>
  fetch(script).then(
    ({ status, redirected, headers }) =>
      `${status} ${headers.get("Content-Type")}${redirected ? " by a redirect" : ""}`,
    () => "nothing",
  );

/**
 * Waits until the page's requests go through the worker with this script. A first visit is claimed by the worker when
 * it activates; a hard reload leaves the page alone, so the worker is asked.
 *
 * @throws BearerWorkerError `worker_not_in_control`
 */
export function controlled({ active }: ServiceWorkerRegistration, script: URL): Promise<void> {
  const container = navigator.serviceWorker;
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const look = (): void => {
      if (container.controller?.scriptURL !== script.href) return;
      done.abort();
      resolve();
    };
    container.addEventListener("controllerchange", look, done);
    look();
    if (done.signal.aborted) return;

    if (active?.scriptURL === script.href) {
      active.postMessage(seal({ type: "announce", account: null, observing: false }));
    }
    const timer = setTimeout(() => {
      done.abort();
      reject(
        new BearerWorkerError(
          "worker_not_in_control",
          `${script.pathname} is not in control: see its console`,
        ),
      );
    }, CONTROL_WITHIN);
    done.signal.addEventListener("abort", () => clearTimeout(timer));
  });
}
