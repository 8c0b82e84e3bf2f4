import { Workbox } from "workbox-window/Workbox.js";
import type { WorkerScript } from "./worker-script.ts";

/** IIS refuses longer queries by default; other servers allow more. */
const QUERY_LIMIT = 2_048;

/**
 * Registers the worker, unless the site has registered one of its own.
 *
 * @param url another URL of the same script, when a page needs another worker
 * @throws BearerWorkerError `resource_map_too_large`, `page_out_of_scope`, `worker_registration_failed`
 */
export async function registerWorker(
  script: WorkerScript,
  url = script.url,
): Promise<ServiceWorkerRegistration> {
  const { siteRegistration } = script;
  const href = scopeOf(script);
  const refuse = async (cause: unknown): Promise<Error> => {
    const { registrationError } = await import("./registration-error.ts");
    return await registrationError(url, href, cause, QUERY_LIMIT);
  };

  // A worker that cannot control this page would be registered all the same, and a worker with a long query not everywhere.
  const isInScope = location.href.startsWith(href);
  if (siteRegistration && isInScope) return siteRegistration;
  if (!isInScope || url.search.length > QUERY_LIMIT) throw await refuse(null);
  try {
    const workbox = new Workbox(trusted(url.href), { __proto__: null, scope: href } as RegistrationOptions);
    const registration = await workbox.register({ immediate: true });
    if (registration) return registration;
  } catch (cause) {
    throw await refuse(cause);
  }
  throw await refuse(null);
}

/** Whether a registration is that of the worker in control, which is this page's own, and is as the page would make it. */
export function isCurrent(
  registration: ServiceWorkerRegistration | undefined,
  { controller }: ServiceWorkerContainer,
  script: WorkerScript,
): registration is ServiceWorkerRegistration {
  const { href } = script.url;
  return (
    !script.siteRegistration &&
    controller?.scriptURL === href &&
    registration?.active?.scriptURL === href &&
    registration.scope === scopeOf(script)
  );
}

/** The URL space that the page's worker controls. */
export const scopeOf = ({ url, scope, siteRegistration }: WorkerScript): string =>
  siteRegistration?.scope ?? new URL(scope ?? "./", scope === undefined ? url : document.baseURI).href;

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  readonly trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy };
}

/** A name can be taken once only. */
let policy: ScriptUrlPolicy | undefined;

/** A site's policy that requires trusted types has to allow this one by name. */
function trusted(script: string): string {
  policy ??= (window as TrustedTypes).trustedTypes?.createPolicy("bearer-worker", {
    createScriptURL: (url) => url,
  });
  return policy?.createScriptURL(script) ?? script;
}
