/**
 * The same request with a bearer token. All else stays as the page made it.
 *
 * `new Request(request)` without an init keeps referrer, Range and streamed bodies; any init would reset them. Only
 * `no-cors` needs one, because that mode drops Authorization silently: it becomes `cors`, and its cookies go to the
 * page's own origin only, since most resource servers allow `*` and a wildcard excludes credentials.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function authorizedRequest(request: Request, accessToken: string): Request {
  const authorized =
    request.mode === "no-cors"
      ? new Request(request, {
          mode: "cors",
          credentials: request.credentials === "include" ? "same-origin" : request.credentials,
          referrer: request.referrer,
          referrerPolicy: request.referrerPolicy,
        })
      : new Request(request);
  authorized.headers.set("Authorization", `Bearer ${accessToken}`);
  return authorized;
}
