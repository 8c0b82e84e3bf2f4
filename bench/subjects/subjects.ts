import { askingWorker } from "./asking-worker.ts";
import { axaOidc } from "./axa-oidc.ts";
import { constantHeader } from "./constant-header.ts";
import { emptyListener } from "./empty-listener.ts";
import { msalPattern } from "./msal-pattern.ts";
import { msalUnderWorker } from "./msal-under-worker.ts";
import { noWorker } from "./no-worker.ts";
import { ours } from "./ours.ts";
import { passThrough } from "./pass-through.ts";
import { smallestWorker } from "./smallest-worker.ts";
import type { Subject } from "./subject.ts";

/** All subjects, in the order of the tables. */
export const SUBJECTS: readonly Subject[] = [
  noWorker,
  constantHeader,
  msalPattern,
  msalUnderWorker,
  emptyListener,
  passThrough,
  smallestWorker,
  askingWorker,
  axaOidc,
  ours,
];
