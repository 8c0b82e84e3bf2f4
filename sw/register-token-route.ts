import type { Route } from "workbox-routing/Route.js";
import { Router } from "workbox-routing/Router.js";
import type { HTTPMethod } from "workbox-routing/utils/constants.js";
import { forgetUrl } from "../protocol/forget-url.ts";
import { PROTOCOL_VERSION } from "../protocol/messages.ts";
import { readAnnouncement } from "../protocol/read-message.ts";
import {
  type ProtectedResourceMap,
  type ResourceEntry,
  resolveResourceMap,
} from "../protocol/resource-map.ts";
import { decodeWorkerUrl, type WorkerConfiguration } from "../protocol/worker-url.ts";
import { announce, isOurs } from "./page-accounts.ts";
import { compileRequestMatcher, type RequestMatch, type RequestMatcher } from "./request-matcher.ts";
import { respond } from "./respond.ts";
import { routeOthersToNetwork } from "./static-routes.ts";
import { forget } from "./tokens.ts";

declare const self: ServiceWorkerGlobalScope;

export interface TokenRouteOptions {
  /** The same map as in the page; relative keys count from the worker's own URL. */
  protectedResourceMap: ProtectedResourceMap;
  /** Whether same-origin navigations to protected resources get a token, too. Default: false. */
  navigations?: boolean;
}

/** What is answered here, map by map in the order in which they came. */
const matchers: RequestMatcher[] = [];
export const matchAny: RequestMatcher = (requested) => {
  for (const match of matchers) {
    const found = match(requested);
    if (found) return found;
  }
  return null;
};

/** The page's way to say that accounts have changed. */
const forgetting = forgetUrl(self.location);
let isListening = false;
/** Whether the site has listeners and routes of its own in this worker. */
let isShared = false;

/**
 * Attaches access tokens in a service worker of the site's own. Call it while the worker's script is evaluated, ahead of
 * routes that answer everything; the pages hand that worker's registration to `attachTokens` as `serviceWorker`.
 *
 * Requests that match the map are answered here; all others are left to the listeners that follow.
 *
 * @param options the map; without any, the one that `attachTokens` has put into this worker's URL
 * @throws BearerWorkerError `invalid_resource_map`
 */
export function registerTokenRoute(options?: TokenRouteOptions): void {
  matchers.push(addRoute(options, resolveResourceMap));
}

/** Makes this worker ours: it attaches tokens, and takes control of open pages as soon as it can. */
export function start(configuration: WorkerConfiguration): void {
  answer(compileRequestMatcher(configuration));
  listen();
  self.addEventListener("install", (event) => {
    void self.skipWaiting();
    if (!isShared) routeOthersToNetwork(event, configuration, forgetting);
  });
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
}

/** Attaches tokens in a worker that the site has listeners of its own in. */
export function addRoute(options: TokenRouteOptions | undefined, resolve: ResolveMap): RequestMatcher {
  const configuration = share(options, resolve);
  if (!configuration) throw new TypeError("no protectedResourceMap");
  const match = compileRequestMatcher(configuration);
  answer(match);
  return match;
}

type ResolveMap = (map: ProtectedResourceMap, base: string) => ResourceEntry[];

/**
 * Makes ready for requests of a map, and leaves it to others to answer them.
 *
 * @returns the map; without options that of the worker's URL, if there is one
 */
export function share(
  options: TokenRouteOptions | undefined,
  resolve: ResolveMap,
): WorkerConfiguration | null {
  isShared = true;
  listen();
  return options
    ? { ...options, entries: resolve(options.protectedResourceMap, self.location.href) }
    : decodeWorkerUrl(self.location);
}

/** Answers what matches from here on: listeners that the site has added before come first. */
function answer(match: RequestMatcher): void {
  const router = new Router();
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const method = request.method as HTTPMethod;
    // Workbox keeps its routes by method, and HTTP allows any.
    if (!router.routes.has(method)) {
      router.routes.set(method, [{ match, handler: { handle } } as unknown as Route]);
    }
    const response = router.handleRequest({ request, event });
    if (response) event.respondWith(response);
  });
}

const handle = ({ event, params }: { event: ExtendableEvent; params?: unknown }): Promise<Response> =>
  respond(event as FetchEvent, params as RequestMatch);

/** Hears what pages say of their accounts. */
function listen(): void {
  if (isListening) return;
  isListening = true;

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    // Any site may navigate here.
    if (request.url !== forgetting || request.mode === "navigate") return;
    if (request.method !== "HEAD") forget();
    event.respondWith(new Response(null, { headers: { "bearer-worker": `${PROTOCOL_VERSION}` } }));
  });

  const activation = new Promise((resolve) => self.addEventListener("activate", resolve));
  self.addEventListener("message", (event) => {
    const { source, data } = event;
    const identity = readAnnouncement(data);
    // Pages of other apps on this origin can find this worker, too.
    if (!(identity && source instanceof WindowClient && isOurs(source))) return;
    announce(source.id, identity);
    // Only an active worker can claim pages. One that waits for the old to finish stays until it is: stopped meanwhile, it
    // would become active without running, and Chromium keeps its pages' requests from such a worker until they reload.
    event.waitUntil(self.clients.claim().catch(() => activation));
  });
}
