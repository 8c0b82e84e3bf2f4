import { BearerWorkerError } from "../protocol/errors.ts";

/** Says why a browser may have refused a worker's script. Browsers say little; its status and type tell most of it. */
export async function refusedWorker(script: URL, cause: unknown): Promise<BearerWorkerError> {
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
