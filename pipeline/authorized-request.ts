import type { ResourceMatch } from "../protocol/resource-matcher.ts";
import { keptReferrer } from "./kept-referrer.ts";
import type { Credentials } from "./token-result.ts";

/**
 * The same request with its token, the proof of a DPoP token, and the headers of its entry that the caller has not set. All else
 * stays as the page made it.
 *
 * `new Request(request)` without an init keeps referrer, Range and streamed bodies; any init would reset them. Only
 * `no-cors` needs one, because that mode drops Authorization silently: it becomes `cors`.
 *
 * @param cookies the credentials mode of a `no-cors` request; the request's own when left out
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
export function authorizedRequest(
  request: Request,
  { accessToken, proof }: Credentials,
  { headers = [] }: Pick<ResourceMatch, "headers">,
  cookies: RequestCredentials = request.credentials,
): Request {
  const authorized =
    request.mode === "no-cors" ? new Request(request, corsInit(request, cookies)) : new Request(request);
  authorized.headers.set("Authorization", `${proof === null ? "Bearer" : "DPoP"} ${accessToken}`);
  if (proof !== null) authorized.headers.set("DPoP", proof);
  for (const [name, value] of headers) if (!authorized.headers.has(name)) authorized.headers.set(name, value);
  return authorized;
}

const corsInit = (request: Request, credentials: RequestCredentials): RequestInit => ({
  mode: "cors",
  credentials,
  referrer: keptReferrer(request),
  referrerPolicy: request.referrerPolicy,
});
