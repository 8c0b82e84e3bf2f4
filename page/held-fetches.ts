import type { ResourceMatch, ResourceMatcher } from "../protocol/resource-matcher.ts";
import { parseUrl } from "../protocol/url.ts";

type Fetch = typeof fetch;
type FetchInput = Parameters<Fetch>[0];

/** The protected resource that a call of `fetch` is for, if any. Reads the arguments, and uses up no body. */
export function matchFetch(
  match: ResourceMatcher,
  input: FetchInput,
  init?: RequestInit,
): ResourceMatch | null {
  const { url, method } = input instanceof Request ? input : { url: input, method: "GET" };
  const parsed = parseUrl(url, document.baseURI);
  return parsed && match(parsed, String(init?.method ?? method));
}

/**
 * Holds the page's calls of `fetch` for protected resources. On a first visit and after a hard reload the page has no
 * worker yet, and they would go out without a token. All other calls, and requests of any other kind, go their way.
 *
 * @returns lets them go, through `next` where it is given; the page's `fetch` is its own again
 */
export function holdFetches(match: ResourceMatcher): (next?: Fetch) => void {
  const original = window.fetch;
  let release: (next?: Fetch) => void = () => undefined;
  let isHolding = true;
  const released = new Promise<Fetch | undefined>((resolve) => (release = resolve));
  const hold: Fetch = async (input, init) => {
    const next = isHolding && matchFetch(match, input, init) ? await released : undefined;
    return await (next ?? original)(input, init);
  };
  window.fetch = hold;
  return (next) => {
    isHolding = false;
    // Whoever has wrapped it meanwhile keeps it.
    if (window.fetch === hold) window.fetch = original;
    release(next);
  };
}
