import type { RequestMatch } from "../../pipeline/request-matcher.ts";
import { SingleFlight } from "../../pipeline/single-flight.ts";
import { tokenKey } from "../../pipeline/token-key.ts";
import { BARE, type Credentials, type TokenResult, UNAVAILABLE } from "../../pipeline/token-result.ts";
import type { Answer, Waiting } from "../../protocol/answers.ts";
import { isAccountWithId, type PageAccount, type SignedIn } from "../../protocol/page-account.ts";
import type {
  AcquireQuestion,
  ProveQuestion,
  Refusal,
  WantedProof,
  WantedToken,
} from "../../protocol/questions.ts";

/** How often a call starts over because the account changed while it waited. */
const ATTEMPTS = 3;

/** Stands for the account that a visitor is about to have. It may be one whose tokens differ by resource. */
const VISITOR: SignedIn = { type: "account", id: "", perResource: true };

/** The parts that tokens in the page come from. */
export interface PageTokensParts {
  readonly account: () => PageAccount;
  readonly answers: {
    token(question: AcquireQuestion, say: (waiting: Waiting) => void): Promise<Answer>;
    proof(question: ProveQuestion): Promise<Answer>;
  };
}

/** Gets tokens for calls in the page. Calls of one account for the same server and scopes share a question, as in a worker. */
export class PageTokens {
  readonly #flights = new SingleFlight();
  readonly #parts: PageTokensParts;

  constructor(parts: PageTokensParts) {
    this.#parts = parts;
  }

  async acquire(request: Request, match: RequestMatch, refusal: Refusal | null): Promise<TokenResult> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const account = this.#parts.account();
      if (account.type === "signed-out" && !account.mayAcquire) return BARE;
      // The user of the refused token has gone.
      if (refusal && !isAccountWithId(account, refusal.account)) return BARE;
      const owner = tokenKey(account.type === "account" ? account : VISITOR, match);
      const wanted = wantedBy(request, match);
      const refused = refusal && [refusal.challenge, refusal.accessToken];
      const answer = await this.#flights.share(JSON.stringify([owner, match.server, refused]), () =>
        this.#parts.answers.token(
          { type: "acquire", account, wanted, purpose: "request", refusal },
          () => undefined,
        ),
      );
      if (answer.type === "token") {
        const { accessToken, signer } = answer.token;
        return { type: "token", account: answer.account.id, accessToken, from: "page", signer };
      }
      if (answer.type === "bare") return BARE;
      if (answer.type !== "identity") return UNAVAILABLE;
    }
    return UNAVAILABLE;
  }

  /** Lets the identity library sign for one request. */
  async prove(request: Request, match: RequestMatch, proof: WantedProof): Promise<Credentials | null> {
    const account = this.#parts.account();
    const wanted = wantedBy(request, match);
    const answer = await this.#parts.answers.proof({ type: "prove", account, wanted, proof });
    return answer.type === "token" && answer.proof !== undefined
      ? { accessToken: answer.token.accessToken, proof: answer.proof, account: answer.account.id }
      : null;
  }
}

const wantedBy = ({ url, method }: Request, { scopes, headers, tokenType }: RequestMatch): WantedToken => ({
  url,
  method,
  scopes,
  headers,
  isNavigation: false,
  ...(tokenType && { tokenType }),
});
