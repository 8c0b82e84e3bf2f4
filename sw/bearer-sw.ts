/**
 * The built worker, `bearer-sw.js`. Registered by `attachTokens` it finds its configuration in its own URL. Imported by
 * another worker with `importScripts` it does nothing but offer `bearerWorker.registerTokenRoute`.
 */
import { decodeWorkerUrl } from "../protocol/worker-url.ts";
import { registerTokenRoute, start } from "./register-token-route.ts";

declare const self: ServiceWorkerGlobalScope & { bearerWorker: object };

self.bearerWorker = { registerTokenRoute };

const configuration = decodeWorkerUrl(self.location);
if (configuration) start(configuration);
