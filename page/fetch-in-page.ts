import type { Answer } from "../protocol/messages.ts";
import type { ResourceMatch } from "../protocol/resource-matcher.ts";
import type { Acquisition } from "./acquisition.ts";

type Fetch = typeof fetch;

/** How often a call starts over because the account changed while it waited. */
const ATTEMPTS = 3;

/**
 * Makes the page's `fetch` attach tokens, for requests that no worker can get: it does for its calls what the worker
 * does for every request, with the same map and the same acquisition.
 *
 * @param match tells the protected resource of a call
 * @param stopped gives the page its own `fetch` back
 */
export function replaceFetch(
  match: (...call: Parameters<Fetch>) => ResourceMatch | null,
  acquisition: Acquisition,
  stopped: AbortSignal,
): void {
  const original = window.fetch;
  const pending: Pending = new Map();
  const replacement: Fetch = async (input, init) => {
    const resource = stopped.aborted ? null : match(input, init);
    return await (resource
      ? fetchWithToken(original, acquisition, pending, resource, new Request(input, init))
      : original(input, init));
  };
  window.fetch = replacement;
  stopped.addEventListener("abort", () => {
    if (window.fetch === replacement) window.fetch = original;
  });
}

async function fetchWithToken(
  original: Fetch,
  acquisition: Acquisition,
  pending: Pending,
  resource: ResourceMatch,
  request: Request,
): Promise<Response> {
  if (request.headers.has("Authorization")) return await original(request);
  const first = await acquire(acquisition, pending, request, resource, null);
  if (first === null) return await original(request);

  const kept = request.clone();
  const response = await original(authorized(request, first));
  // What a redirect led to elsewhere has nothing to say about the token.
  const isRefused = response.status === 401 && response.url.startsWith(`${new URL(request.url).origin}/`);
  const challenge = isRefused ? response.headers.get("WWW-Authenticate") : null;
  const second =
    challenge === null ? null : await acquire(acquisition, pending, request, resource, challenge);
  return second === null ? response : await original(authorized(kept, second));
}

/** Answers that are awaited: calls of one account for the same server, key and scopes share one, as in a worker. */
type Pending = Map<string, Promise<Answer>>;

/**
 * @returns `null` when the request goes out as the page made it
 * @throws TypeError, as `fetch` does, when no token can be had now
 */
async function acquire(
  { identity, answer }: Acquisition,
  pending: Pending,
  { url, method }: Request,
  { key, scopes }: ResourceMatch,
  challenge: string | null,
): Promise<string | null> {
  for (let attempts = ATTEMPTS; attempts--;) {
    const { account } = identity();
    if (account === null) return null;
    const question = { type: "acquire", purpose: "request", scopes: scopes.join(" ") } as const;
    const shared = [account, new URL(url).origin, key, question.scopes, challenge].join();
    const answering =
      pending.get(shared) ??
      answer({ ...question, account, url, method, challenge }, () => undefined).finally(() =>
        pending.delete(shared),
      );
    pending.set(shared, answering);
    const found = await answering;
    if (found.type === "token") return found.accessToken;
    if (found.type === "bare") return null;
    if (found.type === "unavailable") break;
  }
  throw new TypeError("Failed to fetch: no access token can be had for now");
}

function authorized(request: Request, accessToken: string): Request {
  const copy = new Request(request, request.mode === "no-cors" ? { mode: "cors" } : {});
  copy.headers.set("Authorization", `Bearer ${accessToken}`);
  return copy;
}
