import { compileRequestMatcher, type RequestMatch } from "../pipeline/request-matcher.ts";
import { unlessAborted } from "../pipeline/unless-aborted.ts";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import { parseUrl } from "../protocol/url.ts";
import type { WorkerConfiguration } from "../protocol/worker-url.ts";
import { type HandledRequest, networkFetch, wrapFetch } from "./worker-fetch.ts";

declare const self: ServiceWorkerGlobalScope;

/**
 * Puts a function in the place of the worker's `fetch` that has the requests of a map answered by `respond`. All others are
 * sent as they are.
 *
 * @returns notes the event of a request. A request without one belongs to no client.
 */
export function wrapWorkerFetch(
  configuration: WorkerConfiguration,
  respond: (handled: HandledRequest, match: RequestMatch) => Promise<Response>,
): (event: FetchEvent) => void {
  const matchResource = compileResourceMap(configuration.entries);
  const matchRequest = compileRequestMatcher(configuration);
  const events = new WeakMap<Request, FetchEvent>();
  wrapFetch(async (input, init) => {
    const { url, method } = input instanceof Request ? input : { url: input, method: "GET" };
    const parsed = parseUrl(url, self.location.href);
    // A request that is not ours is not even made here.
    if (!parsed || !matchResource(parsed, String(init?.method ?? method)))
      return await networkFetch(input, init);
    const request = input instanceof Request && !init ? input : new Request(input, init);
    const match = matchRequest({ request, url: parsed });
    if (!match) return await networkFetch(request);
    const event = input instanceof Request ? events.get(input) : undefined;
    const clientId = event?.clientId ?? "";
    const waitUntil = (work: Promise<unknown>): void => keepAlive(event, work);
    const response = await unlessAborted(respond({ clientId, request, waitUntil }, match), request.signal);
    if (response.type === "error") throw new TypeError("Failed to fetch");
    return response;
  });
  return (event) => void events.set(event.request, event);
}

/** A library can go on fetching for an event that has ended. */
function keepAlive(event: FetchEvent | undefined, work: Promise<unknown>): void {
  try {
    event?.waitUntil(work);
  } catch {
    // The work goes on as long as the worker lives.
  }
}
