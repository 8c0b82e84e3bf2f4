import type { ResourceMatch } from "../protocol/resource-matcher.ts";

/**
 * The same request with a bearer token, and with the headers of its entry that the caller has not set. All else stays as the
 * page made it.
 *
 * `new Request(request)` without an init keeps referrer, Range and streamed bodies; any init would reset them. Only
 * `no-cors` needs one, because that mode drops Authorization silently: it becomes `cors`.
 *
 * @param credentials of a `no-cors` request; the request's own when left out
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function authorizedRequest(
  request: Request,
  accessToken: string,
  { headers = [] }: Pick<ResourceMatch, "headers">,
  credentials: RequestCredentials = request.credentials,
): Request {
  const authorized =
    request.mode === "no-cors" ? new Request(request, corsInit(request, credentials)) : new Request(request);
  authorized.headers.set("Authorization", `Bearer ${accessToken}`);
  for (const [name, value] of headers) if (!authorized.headers.has(name)) authorized.headers.set(name, value);
  return authorized;
}

const corsInit = ({ referrer, referrerPolicy }: Request, credentials: RequestCredentials): RequestInit => ({
  mode: "cors",
  credentials,
  referrer,
  referrerPolicy,
});
