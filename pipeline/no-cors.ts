import { BoundedMap } from "../protocol/bounded-map.ts";
import { authorizedRequest } from "./authorized-request.ts";
import type { Clock } from "./clock.ts";
import type { RequestMatch } from "./request-matcher.ts";

/**
 * A way to send a `no-cors` request. `cors` carries the token and the request's own cookies. `cors-same-origin` carries the
 * token, and cookies to the page's own origin only, since `Access-Control-Allow-Origin: *` excludes credentials. `bare` is
 * the request as the page made it, for servers without CORS.
 */
type Way = "cors" | "cors-same-origin" | "bare";

/** In order of preference. */
const WAYS: readonly Way[] = ["cors", "cors-same-origin", "bare"];
/** A request with a body is sent with a token once: an error page of a gateway, without CORS, may follow a request that was heard. */
const WAYS_OF_BODIES: readonly Way[] = ["cors-same-origin", "bare"];

/** For how long a resource goes without tokens until it is tried again: an outage can look like missing CORS. */
const BARE_FOR = 60_000;
/** How many resources are remembered. A wildcard host can stand for any number. */
const RESOURCES_KEPT = 500;

/** Sends `no-cors` requests, and remembers for each resource which way worked, so that finding out costs once. */
export class NoCorsRequests {
  readonly #known = new BoundedMap<string, { readonly way: Way; readonly until: number }>(RESOURCES_KEPT);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether it is known that requests to this resource have to go out as the page made them. */
  areBare(match: RequestMatch): boolean {
    return this.#knownWay(match) === "bare";
  }

  /**
   * Sends a request with a token, or as the page made it where the server has no CORS.
   *
   * @throws TypeError when no way works
   */
  async send(
    request: Request,
    accessToken: string,
    match: RequestMatch,
    fetch: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    const isRepeatable = request.method !== "POST";
    const known = this.#knownWay(match);
    let failure: unknown;
    for (const way of waysFor(known, isRepeatable)) {
      try {
        const response = await fetch(asSent(way, request.clone(), accessToken));
        if (isRepeatable && !known) this.#remember(match, way);
        return response;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #knownWay(match: RequestMatch): Way | null {
    const known = this.#known.get(resourceOf(match));
    return known && this.#clock.now() < known.until ? known.way : null;
  }

  #remember(match: RequestMatch, way: Way): void {
    const until = way === "bare" ? this.#clock.now() + BARE_FOR : Infinity;
    this.#known.set(resourceOf(match), { way, until });
  }
}

/** One resource of many may redirect to a server without CORS, which says nothing of the others: `bare` stays possible. */
function waysFor(known: Way | null, isRepeatable: boolean): readonly Way[] {
  if (!known) return isRepeatable ? WAYS : WAYS_OF_BODIES;
  return isRepeatable ? [known, "bare"] : [known];
}

function asSent(way: Way, request: Request, accessToken: string): Request {
  switch (way) {
    case "cors":
      return authorizedRequest(request, accessToken);
    case "cors-same-origin":
      return authorizedRequest(request, accessToken, "same-origin");
    case "bare":
      return request;
    default:
      return way satisfies never;
  }
}

const resourceOf = ({ key, server }: RequestMatch): string => `${server} ${key}`;
