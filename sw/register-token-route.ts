import { Route } from "workbox-routing/Route.js";
import { Router } from "workbox-routing/Router.js";
import type { HTTPMethod } from "workbox-routing/utils/constants.js";
import { forgetUrl, readAnnouncement } from "../protocol/messages.ts";
import { type ProtectedResourceMap, resolveResourceMap } from "../protocol/resource-map.ts";
import { compileResourceMap, type ResourceMatch } from "../protocol/resource-matcher.ts";
import type { WorkerConfiguration } from "../protocol/worker-url.ts";
import { announce } from "./page-accounts.ts";
import { respond } from "./respond.ts";
import { forget } from "./tokens.ts";

declare const self: ServiceWorkerGlobalScope;

export interface TokenRouteOptions {
  /** The same map as in the page; relative keys count from the worker's own URL. */
  protectedResourceMap: ProtectedResourceMap;
  /** Whether same-origin navigations to protected resources get a token, too. Default: false. */
  navigations?: boolean;
}

/**
 * Attaches access tokens in a service worker of the site's own. Call it while the worker's script is evaluated; the
 * pages call `attachTokens` with that worker as `serviceWorker`.
 *
 * Requests that match the map are answered here; all others are left to the listeners that follow.
 *
 * @throws BearerWorkerError `invalid_resource_map`
 */
export function registerTokenRoute({ protectedResourceMap, navigations = false }: TokenRouteOptions): void {
  route({ entries: resolveResourceMap(protectedResourceMap, self.location.href), navigations });
}

/** Makes this worker ours alone: it attaches tokens, and takes control of open pages as soon as it can. */
export function start(configuration: WorkerConfiguration): void {
  self.addEventListener("install", () => void self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  route(configuration);
}

function route({ entries, navigations }: WorkerConfiguration): void {
  const matchResource = compileResourceMap(entries);

  const match = ({ url, request }: { url: URL; request: Request }): ResourceMatch | null => {
    if (request.mode === "navigate" && !navigations) return null;
    // A caller's own credentials are left alone.
    if (request.headers.has("Authorization") || url.username || url.password) return null;
    return matchResource(url, request.method);
  };
  const handle = ({ event, params }: { event: ExtendableEvent; params?: unknown }): Promise<Response> =>
    respond(event as FetchEvent, params as ResourceMatch);

  const router = new Router();
  const forgetting = forgetUrl(self.location);
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.url === forgetting) {
      forget();
      return event.respondWith(new Response());
    }
    const method = request.method as HTTPMethod;
    // Workbox keeps its routes by method, and HTTP allows any.
    if (!router.routes.has(method)) router.registerRoute(new Route(match, handle, method));
    const response = router.handleRequest({ request, event });
    if (response) event.respondWith(response);
  });

  self.addEventListener("message", (event) => {
    const { source, data } = event;
    const identity = readAnnouncement(data);
    if (!identity || !(source instanceof WindowClient)) return;
    announce(source.id, identity);
    event.waitUntil(self.clients.claim());
  });
}
