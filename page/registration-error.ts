import { BearerWorkerError } from "../protocol/errors.ts";

/**
 * Says why a worker is not registered. Browsers say little of why they refused a script; its status and type tell most
 * of it.
 *
 * @param scope what the worker was to control, as a URL
 * @param cause the browser's own error, where it was asked
 * @param queryLimit how many characters of a query servers allow
 */
export async function registrationError(
  script: URL,
  scope: string,
  cause: unknown,
  queryLimit: number,
): Promise<BearerWorkerError> {
  if (!navigator.serviceWorker) {
    return new BearerWorkerError(
      "service_worker_unavailable",
      'No service workers here: use https or localhost, no private window, or "fallback"',
    );
  }
  if (!location.href.startsWith(scope)) {
    return new BearerWorkerError(
      "page_out_of_scope",
      `This page is outside ${scope}: move the worker up, or send Service-Worker-Allowed with it and set "scope"`,
    );
  }
  const { length } = script.search;
  if (length > queryLimit) {
    return new BearerWorkerError(
      "resource_map_too_large",
      `protectedResourceMap takes ${length} characters of the worker's URL; servers allow ${queryLimit}. Use wildcards, or bearer-worker/sw in your own worker`,
    );
  }
  const answer = await fetch(script).then(
    ({ status, redirected, headers }) =>
      `${status} ${headers.get("Content-Type")}${redirected ? " by a redirect" : ""}`,
    () => "nothing",
  );
  return new BearerWorkerError(
    "worker_registration_failed",
    `The browser refused ${script.pathname}, which answers ${answer}: it must be JavaScript of this origin, not redirected, allowed by CSP's worker-src and trusted-types (bearer-worker). "npx bearer-worker init <dir>" copies it`,
    { cause },
  );
}
