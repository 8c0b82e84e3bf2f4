import { authorizedRequest } from "./authorized-request.ts";
import type { RequestMatch } from "./request-matcher.ts";

/**
 * What a `no-cors` request can become, the best first: `cors` with the cookies it has; `cors` with cookies for the
 * page's own origin only, since `Access-Control-Allow-Origin: *` excludes credentials; itself, where there is no CORS.
 */
type Way = (request: Request, accessToken: string) => Request;
const bare: Way = (request) => request;
const WAYS: readonly Way[] = [
  authorizedRequest,
  (request, accessToken) => authorizedRequest(request, accessToken, "same-origin"),
  bare,
];

/** For how long a resource goes without tokens before it is tried again: an outage can look like missing CORS. */
const BARE_FOR = 60_000;

/** The way that worked for a resource, so that finding out costs once. */
const ways = new Map<string, { way: Way; until: number }>();

const resourceOf = ({ key, server }: RequestMatch): string => `${server} ${key}`;

function knownWay(match: RequestMatch): Way | null {
  const known = ways.get(resourceOf(match));
  return known && Date.now() < known.until ? known.way : null;
}

/** Whether it has turned out that this request can only go out as the page made it. */
export const isBare = (request: Request, match: RequestMatch): boolean =>
  request.mode === "no-cors" && knownWay(match) === bare;

/**
 * Sends a `no-cors` request with a token, or as the page made it where the API has no CORS. A request with a body is
 * sent with a token once: a gateway's error page without CORS headers does not tell whether it was heard.
 */
export async function fetchUpgraded(
  request: Request,
  accessToken: string,
  match: RequestMatch,
): Promise<Response> {
  const known = knownWay(match);
  const isRepeatable = request.method !== "POST";
  // One resource of many may redirect to where there is no CORS: that says nothing of the others.
  const usable = known ? [known, bare] : WAYS.slice(isRepeatable ? 0 : 1);
  for (const way of known && !isRepeatable ? [known] : usable) {
    try {
      const response = await fetch(way(request.clone(), accessToken));
      const until = way === bare ? Date.now() + BARE_FOR : Infinity;
      if (isRepeatable && !knownWay(match)) ways.set(resourceOf(match), { way, until });
      return response;
    } catch {
      // The next way.
    }
  }
  return Response.error();
}
