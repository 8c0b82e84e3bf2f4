import type { RequestMatch } from "../../pipeline/request-matcher.ts";
import { SingleFlight } from "../../pipeline/single-flight.ts";
import { tokenKey } from "../../pipeline/token-key.ts";
import { BARE, type TokenResult, UNAVAILABLE } from "../../pipeline/token-result.ts";
import type { AcquireQuestion, Answer, PageAccount, Refusal, Waiting } from "../../protocol/messages.ts";

/** How often a call starts over because the account changed while it waited. */
const ATTEMPTS = 3;

/** The parts that tokens in the page come from. */
export interface PageTokensParts {
  readonly account: () => PageAccount;
  readonly answers: {
    token(question: AcquireQuestion, say: (waiting: Waiting) => void): Promise<Answer>;
  };
}

/** Gets tokens for calls in the page. Calls of one account for the same server and scopes share a question, as in a worker. */
export class PageTokens {
  readonly #flights = new SingleFlight();
  readonly #parts: PageTokensParts;

  constructor(parts: PageTokensParts) {
    this.#parts = parts;
  }

  async acquire(
    { url, method }: Request,
    match: RequestMatch,
    refusal: Refusal | null,
  ): Promise<TokenResult> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const account = this.#parts.account();
      if (account.type === "signed-out" && !account.mayAcquire) return BARE;
      const owner = account.type === "account" ? tokenKey(account, match) : match.key;
      const { scopes, headers } = match;
      const wanted = { url, method, scopes, headers, isNavigation: false };
      const answer = await this.#flights.share(JSON.stringify([owner, match.server, refusal]), () =>
        this.#parts.answers.token(
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
