import { msalPattern } from "./msal-pattern.ts";
import { REGISTER, type Subject } from "./subject.ts";

/**
 * MSAL's pattern in a page under a worker that passes the protected requests through, and keeps out of all others by a static
 * route. It shows the browser's own share of a worker's cost.
 */
export const msalUnderWorker = {
  ...msalPattern,
  name: "msal-under-worker",
  title: "MSAL's pattern under a worker that passes through",
  files: () => ({
    "sw.js": `
      addEventListener("install", (event) => {
        const isOther = { not: { urlPattern: new URLPattern({ pathname: "/api/*" }) } };
        event.addRoutes([{ condition: isOther, source: "network" }]);
        skipWaiting();
      });
      addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));
      addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
  }),
  page: `${REGISTER}${msalPattern.page ?? ""}`,
  // As with this package, a first visit does not wait for the worker.
  start: `void (async () => { ${REGISTER} })();
      await signedIn;${msalPattern.page ?? ""}`,
} satisfies Subject;
