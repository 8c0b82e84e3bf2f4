import { BearerWorkerError } from "../../protocol/errors.ts";

/** How many milliseconds the server of the script has to answer. */
const ANSWER_WITHIN = 10_000;

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
    const { origin, pathname } = new URL(scope);
    return new BearerWorkerError(
      "page_out_of_scope",
      `This page lies outside ${origin}${pathname}, which is all that the worker may control. Serve the worker from a directory above the page, or send the header Service-Worker-Allowed with it and set the option "scope".`,
    );
  }
  const { length } = script.search;
  if (length > queryLimit) {
    return new BearerWorkerError(
      "resource_map_too_large",
      `The option "protectedResourceMap" takes ${length} characters of the worker's URL, and servers allow ${queryLimit}. Use wildcards, or compile the map into a worker of your own with bearer-worker/sw.`,
    );
  }
  const answer = await fetch(script, { signal: AbortSignal.timeout(ANSWER_WITHIN) }).then(
    ({ status, redirected, headers }) =>
      `${status} ${headers.get("Content-Type") ?? "without a type"}${redirected ? " by a redirect" : ""}`,
    () => "nothing",
  );
  const place = answer.startsWith("404")
    ? ` In an app below a path, "bearer-sw.js" without a slash counts from <base href>.`
    : "";
  return new BearerWorkerError(
    "worker_registration_failed",
    `The browser refused the worker's script ${script.pathname}. The server answers ${answer}. Serve the script as JavaScript from this origin, without a redirect, and allow it in the policy: worker-src 'self', and trusted-types bearer-worker. "npx bearer-worker init <dir>" copies the script; the option "serviceWorker" names another place.${place}`,
    { cause },
  );
}
