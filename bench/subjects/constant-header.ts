import type { Subject } from "./subject.ts";

/** No worker. The page sets a constant header. */
export const constantHeader: Subject = {
  name: "constant-header",
  title: "no worker, constant header",
  attaches: true,
  page: `return (url, init) => fetch(url, { ...init, headers: { Authorization: "Bearer " + token } });`,
};
