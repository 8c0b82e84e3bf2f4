import type { ResourceMatch } from "../protocol/resource-matcher.ts";

/**
 * The same request with a bearer token. All else stays as the page made it.
 *
 * `new Request(request)` without an init keeps referrer, Range and streamed bodies; any init would reset them. Only
 * `no-cors` needs one, because that mode drops Authorization silently: it becomes `cors`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function authorizedRequest(
  request: Request,
  accessToken: string,
  credentials = request.credentials,
): Request {
  const { mode, referrer, referrerPolicy } = request;
  const authorized =
    mode === "no-cors"
      ? new Request(request, { mode: "cors", credentials, referrer, referrerPolicy })
      : new Request(request);
  authorized.headers.set("Authorization", `Bearer ${accessToken}`);
  return authorized;
}

/** Sends a request with a token. */
export const fetchAuthorized = (
  request: Request,
  accessToken: string,
  match: ResourceMatch,
): Promise<Response> =>
  request.mode === "no-cors"
    ? fetchUpgraded(request, accessToken, match)
    : fetch(authorizedRequest(request, accessToken));

/** Whether it has turned out that this `no-cors` request can only go out as the page made it. */
export const isBare = (request: Request, match: ResourceMatch): boolean =>
  request.mode === "no-cors" && ways.get(resourceOf(request, match)) === BARE;

/**
 * What a `no-cors` request can become, the best first: `cors` with the cookies it has; `cors` with cookies for the
 * page's own origin only, since `Access-Control-Allow-Origin: *` excludes credentials; itself, where there is no CORS.
 */
type Way = (request: Request, accessToken: string) => Request;
const BARE: Way = (request) => request;
const WAYS: readonly Way[] = [
  authorizedRequest,
  (request, accessToken) => authorizedRequest(request, accessToken, "same-origin"),
  BARE,
];

/** The way that worked, so that finding out costs once. One that worked is the only one from then on. */
const ways = new Map<string, Way>();

const resourceOf = ({ url }: Request, { key }: ResourceMatch): string => `${new URL(url).origin} ${key}`;

async function fetchUpgraded(request: Request, accessToken: string, match: ResourceMatch): Promise<Response> {
  const resource = resourceOf(request, match);
  const known = ways.get(resource);
  for (const way of known ? [known] : WAYS) {
    try {
      const response = await fetch(way(request.clone(), accessToken));
      ways.set(resource, way);
      return response;
    } catch {
      // The next way.
    }
  }
  return Response.error();
}
