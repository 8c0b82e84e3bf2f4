import type { Subject } from "./subject.ts";

/** No worker; the page sets a header that it has at hand. */
export const constantHeader: Subject = {
  name: "constant-header",
  title: "no worker, constant header",
  attaches: true,
  page: `return (url, init) => fetch(url, { ...init, headers: { Authorization: "Bearer " + token } });`,
};
