import { Workbox } from "workbox-window/Workbox.js";
import { BearerWorkerError } from "../protocol/errors.ts";
import { seal } from "../protocol/messages.ts";
import { within } from "./deadline.ts";

/** How long a worker may take to install, activate and claim the page, and how often it is asked to, in milliseconds. */
const CONTROL_WITHIN = 20_000;
const ASK_EVERY = 1_000;

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
  if (!navigator.serviceWorker) {
    throw new BearerWorkerError(
      "service_worker_unavailable",
      'No service workers here: use https or localhost, no private window, or "fallback"',
    );
  }
  if (!location.href.startsWith(href)) {
    throw new BearerWorkerError(
      "page_out_of_scope",
      `This page is outside ${href}: move the worker up, or send Service-Worker-Allowed with it and set "scope"`,
    );
  }
  try {
    const registration = await new Workbox(trusted(script.href), {
      __proto__: null,
      scope: href,
    } as RegistrationOptions).register({
      immediate: true,
    });
    return registration as ServiceWorkerRegistration;
  } catch (cause) {
    const { refusedWorker } = await import("./refused-worker.ts");
    throw await refusedWorker(script, cause);
  }
}

/** Where the site's policy requires trusted types, it has to allow this one by name. A name can be taken once only. */
let policy: ScriptUrlPolicy | undefined;
const trusted = (script: string): string => {
  policy ??= (window as TrustedTypes).trustedTypes?.createPolicy("bearer-worker", {
    createScriptURL: (url) => url,
  });
  return policy?.createScriptURL(script) ?? script;
};

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  readonly trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy };
}

/**
 * Waits until the page's requests go through the worker with this script. A worker of ours claims its pages on a first
 * visit; any other, and every worker after a hard reload, is asked to as soon as it is active.
 *
 * @throws BearerWorkerError `worker_not_in_control`
 */
export async function controlled({ href, pathname }: URL): Promise<void> {
  const container = navigator.serviceWorker;
  let timer = 0;
  const control = new Promise<void>((resolve) => {
    const look = (): boolean | void => container.controller?.scriptURL === href && resolve();
    const ask = async (): Promise<void> =>
      (await container.ready).active?.postMessage(
        seal({ type: "announce", account: null, observing: false }),
      );
    container.addEventListener("controllerchange", look);
    if (look() === undefined) return;
    void ask();
    // Until a worker has had an event, Chromium may keep the next one waiting for it.
    timer = window.setInterval(() => void ask(), ASK_EVERY);
  });
  const message = `${pathname} is not in control: see its console`;
  await within(CONTROL_WITHIN, control, "worker_not_in_control", message).finally(() => clearInterval(timer));
}
