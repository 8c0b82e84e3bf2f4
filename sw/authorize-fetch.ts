import {
  compileRequestMatcher,
  type RequestMatch,
  type RequestMatcher,
} from "../pipeline/request-matcher.ts";
import { unlessAborted } from "../pipeline/unless-aborted.ts";
import { compileResourceMap, type ResourceMatcher } from "../protocol/resource-matcher.ts";
import { parseUrl } from "../protocol/url.ts";
import type { WorkerConfiguration } from "../protocol/worker-url.ts";
import { type HandledRequest, isFetchWrapped, networkFetch, wrapFetch } from "./worker-fetch.ts";

declare const self: ServiceWorkerGlobalScope;

/** The maps that `authorizeFetch` was given, in their order. */
const maps: { readonly matchResource: ResourceMatcher; readonly matchRequest: RequestMatcher }[] = [];
/** The events of requests that came from clients. */
const events = new WeakMap<Request, FetchEvent>();

/**
 * Puts a function in the place of the worker's `fetch`, once, that has the requests of each map answered by `respond`. All
 * others are sent as they are.
 *
 * @returns notes the event of a request. A request without one belongs to no client.
 */
export function wrapWorkerFetch(
  configuration: WorkerConfiguration,
  respond: (handled: HandledRequest, match: RequestMatch) => Promise<Response>,
): (event: FetchEvent) => void {
  maps.push({
    matchResource: compileResourceMap(configuration.entries),
    matchRequest: compileRequestMatcher(configuration),
  });
  if (!isFetchWrapped()) wrapFetch((input, init) => fetchWithToken(input, init, respond));
  return (event) => void events.set(event.request, event);
}

async function fetchWithToken(
  given: RequestInfo | URL,
  init: RequestInit | undefined,
  respond: (handled: HandledRequest, match: RequestMatch) => Promise<Response>,
): Promise<Response> {
  // An object can give another text each time.
  const input = given instanceof Request ? given : `${given as string}`;
  const { url, method } = input instanceof Request ? input : { url: input, method: "GET" };
  const parsed = parseUrl(url, self.location.href);
  const wanted = String(init?.method ?? method);
  // A request that is not ours is not even made here.
  if (!parsed || !maps.some(({ matchResource }) => matchResource(parsed, wanted)))
    return await networkFetch(input, init);
  const request = input instanceof Request && !init ? input : new Request(input, init);
  const match = firstMatch(request);
  if (!match) return await networkFetch(request);
  const event = input instanceof Request ? events.get(input) : undefined;
  const clientId = event?.clientId ?? "";
  const waitUntil = (work: Promise<unknown>): void => keepAlive(event, work);
  const response = await unlessAborted(respond({ clientId, request, waitUntil }, match), request.signal);
  if (response.type === "error") throw new TypeError("Failed to fetch");
  return response;
}

/** Matches the request that is sent, whatever its arguments have said before. */
function firstMatch(request: Request): RequestMatch | null {
  const url = new URL(request.url);
  for (const { matchRequest } of maps) {
    const found = matchRequest({ request, url });
    if (found) return found;
  }
  return null;
}

/** A library can go on fetching for an event that has ended. */
function keepAlive(event: FetchEvent | undefined, work: Promise<unknown>): void {
  try {
    event?.waitUntil(work);
  } catch {
    // The work goes on as long as the worker lives.
  }
}
