import type { Answer } from "../http.ts";
import { readSignature, sign, withoutCarriageReturns } from "../signature.ts";
import { type Finding, pass, warn } from "./finding.ts";

/** This version of the package. */
export interface Current {
  readonly version: string;
  /** The built worker. */
  readonly worker: string;
}

/** Checks that the site's worker is the one of this version. */
export function checkVersion({ url, body, isWhole }: Answer, { version, worker }: Current): Finding {
  if (!isWhole)
    return warn(
      "worker-version",
      url,
      "The worker's script is larger than the 1 MB that doctor reads, so its version is not known.",
      `If this is your own worker and it uses bearer-worker/sw, nothing has to change. Otherwise run "npx bearer-worker init <dir>", and deploy.`,
    );
  const served = withoutCarriageReturns(body);
  if (served === worker || served === sign("bearer-sw.js", worker, version))
    return pass(
      "worker-version",
      url,
      `The worker's script is of bearer-worker ${version}, like this command.`,
    );
  const signature = readSignature(served);
  if (signature?.intact && signature.version !== version)
    return warn(
      "worker-version",
      url,
      `The worker's script is of bearer-worker ${signature.version}, and this command is of ${version}.`,
      `Run "npx bearer-worker init <dir>" with the version that your pages use, and deploy.`,
    );
  return warn(
    "worker-version",
    url,
    `The worker's script is not that of bearer-worker ${version}.`,
    `If this is your own worker and it uses bearer-worker/sw, nothing has to change. Otherwise run "npx bearer-worker init <dir>" with the version that your pages use, and deploy.`,
  );
}
