import { Workbox } from "workbox-window/Workbox.js";
import { seal } from "../protocol/messages.ts";
import { within } from "./deadline.ts";

/** How long a worker may take to install, activate and claim the page, in milliseconds. */
const CONTROL_WITHIN = 20_000;
/** The same where the page has another way to attach tokens meanwhile. */
export const REPLACE_WITHIN = 2_000;
/** How often it is asked to take control. */
const ASK_EVERY = 1_000;
/** IIS refuses longer queries by default; other servers allow more. */
const QUERY_LIMIT = 2_048;

/**
 * Registers the worker.
 *
 * @throws BearerWorkerError `resource_map_too_large`, `service_worker_unavailable`, `page_out_of_scope`, `worker_registration_failed`
 */
export async function registerWorker(
  script: URL,
  scope: string | undefined,
): Promise<ServiceWorkerRegistration> {
  const { href } = new URL(scope ?? "./", scope === undefined ? script : document.baseURI);
  let refusal: unknown;
  try {
    // A worker that cannot control this page would be registered all the same, and one with a long query not everywhere.
    if (location.href.startsWith(href) && script.search.length <= QUERY_LIMIT) {
      const options = { __proto__: null, scope: href } as RegistrationOptions;
      const workbox = new Workbox(trusted(script.href), options);
      return (await workbox.register({ immediate: true })) as ServiceWorkerRegistration;
    }
  } catch (error) {
    refusal = error;
  }
  const { registrationError } = await import("./registration-error.ts");
  throw await registrationError(script, href, refusal, QUERY_LIMIT);
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
export async function controlled({ href, pathname }: URL, milliseconds = CONTROL_WITHIN): Promise<void> {
  const container = navigator.serviceWorker;
  let timer: ReturnType<typeof setInterval> | undefined;
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
    timer = setInterval(() => void ask(), ASK_EVERY);
  });
  await within(
    milliseconds,
    control,
    "worker_not_in_control",
    `${pathname} has no control: see its console`,
  ).finally(() => clearInterval(timer));
}
