import type { Subject } from "./subject.ts";

/** The floor: no worker and no token. Its requests go to the same resources at URLs that need no token. */
export const noWorker: Subject = {
  name: "no-worker",
  title: "no worker, no token",
  attaches: false,
};
