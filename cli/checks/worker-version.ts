import type { Answer } from "../http.ts";
import { readSignature, sign, withoutCarriageReturns } from "../signature.ts";
import { type Finding, pass, warn } from "./finding.ts";

/** What this version of the package would put there. */
export interface Current {
  readonly version: string;
  /** The built worker. */
  readonly worker: string;
}

/** Whether the worker is the one that came with this version. */
export function checkVersion({ url, body }: Answer, { version, worker }: Current): Finding {
  const served = withoutCarriageReturns(body);
  if (served === worker || served === sign("bearer-sw.js", worker, version))
    return pass("worker-version", url, `is of bearer-worker ${version}, like this command`);
  const signature = readSignature(served);
  if (signature?.intact && signature.version !== version)
    return warn(
      "worker-version",
      url,
      `is of bearer-worker ${signature.version}, this command of ${version}`,
      `Run "npx bearer-worker init <dir>" with the version that your pages use, and deploy.`,
    );
  return warn(
    "worker-version",
    url,
    `is not the worker of bearer-worker ${version}`,
    `Is it a worker of your own that uses bearer-worker/sw, all is well. Else run "npx bearer-worker init <dir>" with the version that your pages use, and deploy.`,
  );
}
