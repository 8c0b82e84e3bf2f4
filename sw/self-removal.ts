/**
 * A worker that removes itself. `bearer-worker remove` puts it in place of `bearer-sw.js`. Browsers that come back
 * fetch it as an update of the old worker, under the URL with the old configuration, which does not matter here.
 *
 * It listens to no fetch event, so from its activation on every request goes to the network as the page made it, in
 * open pages, too. They stay under its control until they go, and are not reloaded: that would cost a user's input.
 */
declare const self: ServiceWorkerGlobalScope & { bearerWorker: Readonly<Record<string, () => void>> };

// A worker of the site's own may import this file, and stays. A worker does not learn the URL of a script that it imports.
if (self.location.pathname.endsWith("/bearer-sw.js")) {
  self.addEventListener("install", () => void self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.registration.unregister()));
}

// Such a worker may still call these. They do nothing.
self.bearerWorker = { registerTokenRoute() {}, authorizeFetch() {} };
