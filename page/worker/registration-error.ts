import { BearerWorkerError } from "../../protocol/errors.ts";

/**
 * Says why a worker is not registered. Browsers say little of why they refused a script. The script's status and type tell
 * most of it.
 *
 * @param scope the URL space that the worker was to control
 * @param cause the browser's own error, if it was asked
 * @param queryLimit how many characters of a query servers allow
 */
export async function registrationError(
  script: URL,
  scope: string,
  cause: unknown,
  queryLimit: number,
): Promise<BearerWorkerError> {
  if (!location.href.startsWith(scope)) {
    return new BearerWorkerError(
      "page_out_of_scope",
      `This page lies outside ${scope}, which is all that the worker may control. Serve the worker from a directory above the page, or send the header Service-Worker-Allowed with it and set the option "scope".`,
    );
  }
  const { length } = script.search;
  if (length > queryLimit) {
    return new BearerWorkerError(
      "resource_map_too_large",
      `The option "protectedResourceMap" takes ${length} characters of the worker's URL, and servers allow ${queryLimit}. Use wildcards, or compile the map into a worker of your own with bearer-worker/sw.`,
    );
  }
  const answer = await fetch(script).then(
    ({ status, redirected, headers }) =>
      `${status} ${headers.get("Content-Type")}${redirected ? " by a redirect" : ""}`,
    () => "nothing",
  );
  return new BearerWorkerError(
    "worker_registration_failed",
    `The browser refused the worker's script ${script.pathname}, which answers ${answer}. The script has to be JavaScript of this origin, without a redirect, and allowed by the policy's worker-src and trusted-types (bearer-worker). "npx bearer-worker init <dir>" copies it; the option "serviceWorker" names another place.`,
    { cause },
  );
}
