import type { ResourceMatch, ResourceMatcher } from "../../protocol/resource-matcher.ts";
import { parseUrl } from "../../protocol/url.ts";

type Fetch = typeof fetch;

/** The protected resource that a call of `fetch` is for, if any. Reads the arguments, and uses up no body. */
export function matchCall(match: ResourceMatcher, ...[input, init]: Parameters<Fetch>): ResourceMatch | null {
  const { url, method } = input instanceof Request ? input : { url: input, method: "GET" };
  const parsed = parseUrl(url, document.baseURI);
  return parsed && match(parsed, String(init?.method ?? method));
}

/**
 * Holds the page's calls of `fetch` for protected resources. On a first visit and after a hard reload the page has no
 * worker yet, and they would go out without a token. All other calls, and requests of any other kind, go their way.
 *
 * Held calls then go through the page's `fetch` of that moment: its own again, unless another script has wrapped it.
 *
 * @param until settles when they may go, however that ends
 */
export function holdEarlyCalls(match: ResourceMatcher, until: Promise<unknown>): void {
  const original = window.fetch;
  let isHolding = true;
  const hold: Fetch = async (input, init) => {
    if (!isHolding || !matchCall(match, input, init)) return await original(input, init);
    await released;
    return await fetch(input, init);
  };
  window.fetch = hold;
  const release = (): void => {
    isHolding = false;
    if (window.fetch === hold) window.fetch = original;
  };
  const released = until.then(release, release);
}
