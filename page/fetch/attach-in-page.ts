import { authorize, type Realm } from "../../pipeline/authorize.ts";
import type { Clock } from "../../pipeline/clock.ts";
import { NoCorsRequests } from "../../pipeline/no-cors.ts";
import { compileRequestMatcher, type RequestMatch } from "../../pipeline/request-matcher.ts";
import { SingleFlight } from "../../pipeline/single-flight.ts";
import { tokenKey } from "../../pipeline/token-key.ts";
import { BARE, type TokenResult, UNAVAILABLE } from "../../pipeline/token-result.ts";
import type { PageAccount, Refusal } from "../../protocol/messages.ts";
import type { ResourceEntry } from "../../protocol/resource-map.ts";
import type { ResourceMatcher } from "../../protocol/resource-matcher.ts";
import type { Answers } from "../acquisition/answer.ts";
import { matchCall } from "./held-calls.ts";

/** How often a call starts over because the account changed while it waited. */
const ATTEMPTS = 3;

/** The parts that attaching in the page works with. */
export interface InPageParts {
  readonly entries: readonly ResourceEntry[];
  readonly match: ResourceMatcher;
  readonly account: () => PageAccount;
  readonly answers: Answers;
  readonly clock: Clock;
  readonly stopped: AbortSignal;
}

/**
 * Makes the page's `fetch` attach tokens, for requests that no worker can get: by the same map, acquisition and pipeline as
 * the worker's. Ends with `stopped`.
 */
export function attachInPage({ entries, match, account, answers, clock, stopped }: InPageParts): void {
  const original = window.fetch;
  const matchRequest = compileRequestMatcher({ entries, navigations: false });
  const noCors = new NoCorsRequests(clock);
  const tokens = new PageTokens(account, answers);

  const replacement: typeof fetch = async (input, init) => {
    if (stopped.aborted || !matchCall(match, input, init)) return await original(input, init);
    const request = new Request(input, init);
    const resource = matchRequest({ request, url: new URL(request.url) });
    if (!resource) return await original(request);
    const realm: Realm = {
      clock,
      noCors,
      acquireToken: (refusal) => tokens.acquire(request, resource, refusal),
      fetch: (sent) => original(sent),
      sendOnce: (_request, send) => send(),
      waitUntil: () => undefined,
    };
    return (await authorize(request, resource, realm)).response;
  };
  window.fetch = replacement;
  stopped.addEventListener("abort", () => {
    if (window.fetch === replacement) window.fetch = original;
  });
}

/** Gets tokens for calls in the page. Calls of one account for the same server and scopes share a question, as in a worker. */
class PageTokens {
  readonly #flights = new SingleFlight();
  readonly #account: () => PageAccount;
  readonly #answers: Answers;

  constructor(account: () => PageAccount, answers: Answers) {
    this.#account = account;
    this.#answers = answers;
  }

  async acquire(
    { url, method }: Request,
    match: RequestMatch,
    refusal: Refusal | null,
  ): Promise<TokenResult> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const account = this.#account();
      if (account.type === "signed-out" && !account.mayAcquire) return BARE;
      const owner = account.type === "account" ? tokenKey(account, match) : match.key;
      const wanted = { url, method, scopes: match.scopes, isNavigation: false };
      const answer = await this.#flights.share(JSON.stringify([owner, match.server, refusal]), () =>
        this.#answers.token(
          { type: "acquire", account, wanted, purpose: "request", refusal },
          () => undefined,
        ),
      );
      if (answer.type === "token")
        return { type: "token", accessToken: answer.token.accessToken, from: "page" };
      if (answer.type === "bare") return BARE;
      if (answer.type !== "identity") return UNAVAILABLE;
    }
    return UNAVAILABLE;
  }
}
