/**
 * The referrer for a request that is made anew. Constructors put the realm's own URL in the place of a referrer of another
 * origin, such as that of a stylesheet. That URL is a worker's, and holds the whole map, so such a request has none.
 *
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
export function keptReferrer({ url, referrer }: Pick<Request, "url" | "referrer">): string {
  if (referrer === REALM) return referrer;
  return new Request(url, { referrer }).referrer === REALM ? "" : referrer;
}

/** The referrer that stands for the realm's own URL. */
const REALM = "about:client";
