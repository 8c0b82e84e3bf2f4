import { Route } from "workbox-routing/Route.js";
import { Router } from "workbox-routing/Router.js";
import type { HTTPMethod } from "workbox-routing/utils/constants.js";
import {
  compileRequestMatcher,
  type RequestMatch,
  type RequestMatcher,
} from "../pipeline/request-matcher.ts";
import { BearerWorkerError } from "../protocol/errors.ts";
import { forgetUrl } from "../protocol/forget-url.ts";
import { seal } from "../protocol/messages.ts";
import { readPageNotice } from "../protocol/read-from-page.ts";
import { type ProtectedResourceMap, readMapText, resolveResourceMap } from "../protocol/resource-map.ts";
import { decodeWorkerUrl, type WorkerConfiguration } from "../protocol/worker-url.ts";
import { isNeeded as needsKeepAlive } from "./firefox-keep-alive.ts";
import { wrapWorkerFetch } from "./authorize-fetch.ts";
import { claimPages } from "./claim-pages.ts";
import { isWindow } from "./open-pages.ts";
import { answerWith, watchOtherListeners } from "./other-listeners.ts";
import { answerAtOwnUrl } from "./own-url.ts";
import { respond } from "./respond.ts";
import { routeOthersToNetwork } from "./static-routes.ts";
import { isFetchWrapped } from "./worker-fetch.ts";
import { workerState } from "./worker-state.ts";

declare const self: ServiceWorkerGlobalScope;

export interface TokenRouteOptions {
  /** The same map as in the page; relative keys count from the worker's own URL. */
  protectedResourceMap: ProtectedResourceMap;
  /** Whether links to protected resources on the worker's own origin get a token, too. Default: false. */
  navigations?: boolean;
}

/** The maps of this worker, in the order in which they were registered. */
const matchers: RequestMatcher[] = [];
let isListening = false;
/** Whether the site has listeners and routes of its own in this worker. */
let isShared = false;

/**
 * Attaches access tokens in a service worker of the site's own. Call it while the worker's script is evaluated, ahead of
 * routes that answer everything. The pages hand that worker's registration to `attachTokens` as `serviceWorker`.
 *
 * Requests that match the map are answered here. All others are left to the listeners that follow.
 *
 * @param options the map; when left out, the one that `attachTokens` has put into this worker's URL
 * @throws BearerWorkerError `invalid_resource_map`, `invalid_options` when there is no map at all
 */
export function registerTokenRoute(options?: TokenRouteOptions): void {
  const configuration = sharedConfiguration("registerTokenRoute", options);
  const match = compileRequestMatcher(configuration);
  matchers.push(match);
  answer(match);
}

/**
 * Attaches access tokens to the requests that this worker itself sends with `fetch`, for libraries that answer protected
 * requests on their own, such as Angular's service worker with its data groups. Call it ahead of the library, and
 * `registerTokenRoute` after it, for the requests that the library leaves alone.
 *
 * A request that a page made gets the token of that page. A request that the library makes anew gets a token if all open
 * pages agree on the account.
 *
 * Whether a response is cached is the library's to say. A cache knows no accounts, so empty it when users sign out.
 *
 * @param options the map; when left out, the one that `attachTokens` has put into this worker's URL
 * @throws BearerWorkerError `invalid_resource_map`, `invalid_options` when there is no map at all
 */
export function authorizeFetch(options?: TokenRouteOptions): void {
  const configuration = sharedConfiguration("authorizeFetch", options);
  const note = wrapWorkerFetch(configuration, (handled, match) => respond(handled, match, workerState()));
  self.addEventListener("fetch", note);
}

function sharedConfiguration(caller: string, options: TokenRouteOptions | undefined): WorkerConfiguration {
  const configuration = shareWorker(options);
  if (configuration) return configuration;
  throw new BearerWorkerError(
    "invalid_options",
    `${caller} was called without a "protectedResourceMap", and this worker's URL holds none. Pass the same map as in the page.`,
  );
}

/** Makes this worker ours alone: it attaches tokens, and takes control of open pages as soon as it can. */
export function startWorker(configuration: WorkerConfiguration): void {
  workerState().maps.add(configuration.entries, true);
  listen();
  // A library that follows answers first once `authorizeFetch` gives its requests tokens.
  const match = compileRequestMatcher(configuration);
  answer((requested) => (isFetchWrapped() ? null : match(requested)));
  self.addEventListener("install", (event) => {
    void self.skipWaiting();
    if (!isShared) routeOthersToNetwork(event, configuration.entries, forgetUrl(self.location));
  });
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
}

/**
 * Prepares a worker of the site's own for requests of a map, and leaves it to the caller to answer them.
 *
 * @returns the configuration; without options that of the worker's URL, or `null` when the URL has none
 */
export function shareWorker(options: TokenRouteOptions | undefined): WorkerConfiguration | null {
  if (!isShared) watchOthers();
  isShared = true;
  listen();
  const configuration = options ? configurationOf(options) : decodeWorkerUrl(self.location);
  if (configuration) workerState().maps.add(configuration.entries, options === undefined);
  return configuration;
}

const configurationOf = ({
  protectedResourceMap,
  navigations = false,
}: TokenRouteOptions): WorkerConfiguration => ({
  entries: resolveResourceMap(protectedResourceMap, self.location.href),
  navigations,
});

/** Matches against every map that `registerTokenRoute` was given. */
export function matchRegistered(requested: Parameters<RequestMatcher>[0]): RequestMatch | null {
  for (const match of matchers) {
    const found = match(requested);
    if (found) return found;
  }
  return null;
}

/** The methods that have a route from the start. Workbox keeps its routes by method. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Answers requests that match, from here on: listeners that the site has added before come first. */
function answer(match: RequestMatcher): void {
  const usual = routerFor(METHODS, match);
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const method = request.method as HTTPMethod;
    // HTTP allows any method. An unusual one gets a router for this request alone, so that routes do not pile up.
    const router = METHODS.includes(method) ? usual : routerFor([method], match);
    const response = router.handleRequest({ request, event });
    if (response) answerWith(event, response);
  });
}

function routerFor(methods: readonly HTTPMethod[], match: RequestMatcher): Router {
  const router = new Router();
  for (const method of methods) router.registerRoute(new Route(match, handle, method));
  return router;
}

const handle: ConstructorParameters<typeof Route>[1] = ({ event, params }) =>
  respond(event as FetchEvent, params as unknown as RequestMatch, workerState());

/** Answers a page that asks this worker's own URL for its version, or wants the worker to forget. */
const ownAnswer = (request: Request): Response | null =>
  answerAtOwnUrl(request, forgetUrl(self.location), forget);

function forget(): void {
  const { tokens, successors } = workerState();
  tokens.forget();
  successors.clear();
}

/** Reports requests that would have a token, had another listener not answered them. */
function watchOthers(): void {
  watchOtherListeners({
    ownAnswer,
    isProtected: (request) =>
      !isFetchWrapped() && matchRegistered({ request, url: new URL(request.url) }) !== null,
    tell: (clientId) =>
      void workerState()
        .pages.find(clientId)
        .then((client) => {
          if (client && isWindow(client)) client.postMessage(seal({ type: "preempted" }));
        }),
  });
}

/** Listens to pages that say that they are there, or that their account has changed. */
function listen(): void {
  if (isListening) return;
  isListening = true;
  const { keepAlive, maps, pages, records } = workerState();

  self.addEventListener("fetch", (event) => {
    const own = ownAnswer(event.request);
    if (own) answerWith(event, own);
  });

  const activated = new Promise((resolve) => self.addEventListener("activate", resolve));
  self.addEventListener("message", (event) => {
    const { source, data, ports } = event;
    const notice = readPageNotice(data);
    // Pages of other apps on this origin can find this worker, too.
    if (!notice || !(source instanceof WindowClient) || !pages.isOurs(source)) return;
    if (notice.type === "announce") {
      records.learn(source.id, notice);
      // A page tells a worker with a map in its URL by that URL.
      const keys = maps.isOfUrl ? [] : maps.lackedBy(readMapText(notice.map));
      if (keys.length > 0) source.postMessage(seal({ type: "lacking", keys }));
      return;
    }
    records.noteVoice(source.id);
    // A page that finds its requests unanswered asks in this way whether this package is here.
    ports[0]?.postMessage(seal(notice));
    // A worker of the site's own may have reasons to wait.
    event.waitUntil(claimPages(activated, !isShared));
  });

  if (needsKeepAlive()) {
    new PerformanceObserver((list) => {
      for (const { name } of list.getEntries()) keepAlive.noteEnd(name);
    }).observe({ type: "resource" });
  }
}
