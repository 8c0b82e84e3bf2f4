/**
 * The built worker, `bearer-sw.js`. Registered by `attachTokens` it finds its configuration in its own URL. A worker of
 * the site's own that imports it with `importScripts` calls `bearerWorker.registerTokenRoute`; the map is not checked
 * there, since the page that decides in the end has checked its own.
 */
import { resolveCheckedMap } from "../protocol/resource-map.ts";
import { decodeWorkerUrl } from "../protocol/worker-url.ts";
import { addRoute, start, type TokenRouteOptions } from "./register-token-route.ts";

declare const self: ServiceWorkerGlobalScope & { bearerWorker: object };

self.bearerWorker = {
  registerTokenRoute: (options?: TokenRouteOptions): void => void addRoute(options, resolveCheckedMap),
};

const configuration = decodeWorkerUrl(self.location);
if (configuration) start(configuration);
