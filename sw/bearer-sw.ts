/**
 * The built worker, `bearer-sw.js`. Registered by `attachTokens` it finds its configuration in its own URL. A worker of
 * the site's own that imports it with `importScripts` calls the functions of `bearerWorker`.
 */
import { decodeWorkerUrl } from "../protocol/worker-url.ts";
import { authorizeFetch, registerTokenRoute, startWorker } from "./register-token-route.ts";

declare const self: ServiceWorkerGlobalScope & {
  bearerWorker: {
    readonly registerTokenRoute: typeof registerTokenRoute;
    readonly authorizeFetch: typeof authorizeFetch;
  };
};

// A server that renders pages may import any file of the package. It has no worker to start.
if (typeof self !== "undefined") {
  self.bearerWorker = { registerTokenRoute, authorizeFetch };
  const configuration = decodeWorkerUrl(self.location);
  if (configuration) startWorker(configuration);
}
