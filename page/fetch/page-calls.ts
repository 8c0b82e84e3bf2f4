import { unlessAborted } from "../../pipeline/unless-aborted.ts";
import { isForgetUrl } from "../../protocol/forget-url.ts";
import type { ResourceMatcher } from "../../protocol/resource-matcher.ts";
import { parseUrl } from "../../protocol/url.ts";
import { serveXhr, type XhrPart } from "./page-xhr.ts";

type Fetch = typeof fetch;

/** The part that gives calls their tokens. It is loaded with the first of them. */
export interface PagePart extends XhrPart {
  readonly fetch: (request: Request, send: Fetch) => Promise<Response>;
}

/**
 * The page's own calls of `fetch` and `XMLHttpRequest` for protected resources. While the page serves them, they get their
 * tokens in the page: before its worker has taken control, and when no worker of its own serves it. All other calls, and
 * requests of any other kind, go their way.
 */
export class PageCalls {
  readonly #match: ResourceMatcher;
  readonly #load: () => Promise<PagePart>;
  readonly #stopped: AbortSignal;
  #serving: AbortController | null = null;

  /** @param stopped ends the serving for good */
  constructor(match: ResourceMatcher, load: () => Promise<PagePart>, stopped: AbortSignal) {
    this.#match = match;
    this.#load = load;
    this.#stopped = stopped;
    stopped.addEventListener("abort", () => this.release());
  }

  /** Serves calls from now on. */
  serve(): void {
    if (this.#serving || this.#stopped.aborted) return;
    this.#serving = new AbortController();
    const { signal } = this.#serving;
    this.#serveFetch(signal);
    serveXhr((url, method) => this.#isProtected(url, method), this.#load, signal);
  }

  /** Leaves further calls to the browser. Calls under way are served to their end. */
  release(): void {
    this.#serving?.abort();
    this.#serving = null;
  }

  #serveFetch(released: AbortSignal): void {
    const original = window.fetch;
    const serve: Fetch = async (input, init) => {
      if (released.aborted || !this.#isCallProtected(input, init)) return await original(input, init);
      const request = new Request(input, init);
      const serving = this.#load().then(
        (part) => part.fetch(request, original),
        () => original(request),
      );
      return await unlessAborted(serving, request.signal);
    };
    window.fetch = serve;
    released.addEventListener("abort", () => {
      // Another script may have wrapped this one meanwhile.
      if (window.fetch === serve) window.fetch = original;
    });
  }

  /** Reads the arguments, and uses up no body. */
  #isCallProtected(...[input, init]: Parameters<Fetch>): boolean {
    const { url, method } = input instanceof Request ? input : { url: input, method: "GET" };
    return this.#isProtected(url, String(init?.method ?? method));
  }

  #isProtected(url: string | URL, method: string): boolean {
    const parsed = parseUrl(url, document.baseURI);
    // The worker answers the call that makes it forget, ahead of all that follow.
    return parsed !== null && !isForgetUrl(parsed) && this.#match(parsed, method) !== null;
  }
}
