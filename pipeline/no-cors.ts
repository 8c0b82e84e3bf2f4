import { BoundedMap } from "../protocol/bounded-map.ts";
import { authorizedRequest } from "./authorized-request.ts";
import type { Clock } from "./clock.ts";
import { keptReferrer } from "./kept-referrer.ts";
import type { RequestMatch } from "./request-matcher.ts";
import type { Credentials } from "./token-result.ts";

/**
 * A way to send a `no-cors` request. `cors` carries the token and the request's own cookies. `cors-same-origin` carries the
 * token, and cookies to the page's own origin only, since `Access-Control-Allow-Origin: *` excludes credentials. `bare` is
 * the request as the page made it, for servers without CORS.
 */
type Way = "cors" | "cors-same-origin" | "bare";

/** Gives a request its credentials, new ones for each attempt. */
type CredentialsFor = (request: Request) => Promise<Credentials>;
/** Makes the request that goes out. */
type AsSent = (way: Way, request: Request) => Promise<Request>;

/** In order of preference. */
const WAYS: readonly Way[] = ["cors", "cors-same-origin", "bare"];

/** For how long a resource goes without tokens until it is tried again: an outage can look like missing CORS. */
const BARE_FOR = 60_000;
/** How many resources are remembered. A wildcard host can stand for any number. */
const RESOURCES_KEPT = 500;

interface Known {
  readonly way: Way;
  /** By `Clock.elapsed`. */
  readonly until: number;
}

/** Sends `no-cors` requests, and remembers for each resource which way worked, so that finding out costs once. */
export class NoCorsRequests {
  readonly #known = new BoundedMap<string, Known>(RESOURCES_KEPT);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether it is known that requests to this resource have to go out as the page made them. */
  areBare(match: RequestMatch): boolean {
    return this.#knownWay(resourceOf(match)) === "bare";
  }

  /**
   * Sends a request with a token, or as the page made it where the server has no CORS.
   *
   * @throws TypeError when no way works, and the error of `credentialsFor`
   */
  async send(
    request: Request,
    credentialsFor: CredentialsFor,
    match: RequestMatch,
    fetch: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    const resource = resourceOf(match);
    const asSent: AsSent = (way, sent) => sentBy(way, sent, credentialsFor, match);
    if (request.method === "POST") return await this.#sendPost(request, resource, asSent, fetch);
    const known = this.#knownWay(resource);
    let failure: unknown;
    for (const way of waysFor(known)) {
      const sent = await asSent(way, request.clone());
      try {
        const response = await fetch(sent);
        if (!known) this.#remember(resource, way);
        return response;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** A way that was found for a POST excludes cookies to other origins. Other requests may need these, and find their own way. */
  async #sendPost(
    request: Request,
    resource: string,
    asSent: AsSent,
    fetch: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    const posts = `POST ${resource}`;
    const known = this.#knownWay(resource) ?? this.#knownWay(posts);
    const way = known ?? (await findWayOfPost(request, asSent, fetch));
    const response = await fetch(await asSent(way, request));
    if (!known) this.#remember(posts, way);
    return response;
  }

  #knownWay(resource: string): Way | null {
    const known = this.#known.get(resource);
    return known && this.#clock.elapsed() < known.until ? known.way : null;
  }

  #remember(resource: string, way: Way): void {
    const until = way === "bare" ? this.#clock.elapsed() + BARE_FOR : Infinity;
    this.#known.set(resource, { way, until });
  }
}

/**
 * Finds a POST's way by a request that changes nothing. A POST that fails may have been heard, since an error page of a gateway
 * has no CORS headers, and must not be sent a second time. The same preflight decides on both.
 */
async function findWayOfPost(
  request: Request,
  asSent: AsSent,
  fetch: (request: Request) => Promise<Response>,
): Promise<Way> {
  const { url, referrerPolicy } = request;
  const referrer = keptReferrer(request);
  const probe = new Request(url, { method: "HEAD", mode: "no-cors", referrer, referrerPolicy });
  return await fetch(await asSent("cors-same-origin", probe)).then(
    () => "cors-same-origin",
    () => "bare",
  );
}

/** One resource of many may redirect to a server without CORS, which says nothing of the others: `bare` stays possible. */
const waysFor = (known: Way | null): readonly Way[] => (known ? [known, "bare"] : WAYS);

async function sentBy(
  way: Way,
  request: Request,
  credentialsFor: CredentialsFor,
  match: RequestMatch,
): Promise<Request> {
  switch (way) {
    case "cors":
      return authorizedRequest(request, await credentialsFor(request), match);
    case "cors-same-origin":
      return authorizedRequest(request, await credentialsFor(request), match, "same-origin");
    case "bare":
      return request;
    default:
      return way satisfies never;
  }
}

const resourceOf = ({ key, server }: RequestMatch): string => `${server} ${key}`;
