import type { Clock } from "../pipeline/clock.ts";
import type { RequestMatch } from "../pipeline/request-matcher.ts";
import { tokenKey } from "../pipeline/token-key.ts";
import { BARE, type TokenResult, UNAVAILABLE } from "../pipeline/token-result.ts";
import type {
  AcquireQuestion,
  Answer,
  GivenToken,
  PageAccount,
  Refusal,
  SignedIn,
  WantedToken,
} from "../protocol/messages.ts";
import { isSameAccount } from "../protocol/page-account.ts";
import { type AccountResult, type Accounts, BUSY } from "./accounts.ts";
import type { AskPage } from "./ask-page.ts";
import type { ClientRecords } from "./clients.ts";
import type { OpenPages } from "./open-pages.ts";
import { SingleFlight } from "../pipeline/single-flight.ts";
import { TokenMemory } from "./token-memory.ts";

/** A request that needs a token. */
export interface TokenDemand {
  /** The client that made it; empty for a navigation. */
  readonly clientId: string;
  readonly url: string;
  readonly method: string;
  readonly match: RequestMatch;
  /** Keeps the worker alive until `work` is done. */
  waitUntil(work: Promise<unknown>): void;
}

/**
 * A page that does not acknowledge within so many milliseconds is passed over for the next. If none acknowledges, all are
 * asked once more, since a page can be busy for a while. The page that made the request gets longer, since failing early
 * does not help it.
 */
const PATIENCE = [
  { otherPages: 1_000, requestingPage: 1_000 },
  { otherPages: 9_000, requestingPage: BUSY },
] as const;

/** How often a request starts over because accounts changed while it waited. */
const ATTEMPTS = 3;

/**
 * Gets tokens for requests: from memory, else from a page of the same account.
 *
 * Tokens are kept by account, scopes and server. The worker's own map does not suffice to send a token to a server, since
 * an injected script could have registered the worker with any map: a page has to approve each server.
 */
export class Tokens {
  readonly #memory: TokenMemory;
  readonly #records: ClientRecords;
  readonly #accounts: Accounts;
  readonly #pages: OpenPages;
  readonly #askPage: AskPage;
  readonly #flights = new SingleFlight();

  constructor(records: ClientRecords, accounts: Accounts, pages: OpenPages, askPage: AskPage, clock: Clock) {
    this.#memory = new TokenMemory(clock);
    this.#records = records;
    this.#accounts = accounts;
    this.#pages = pages;
    this.#askPage = askPage;
  }

  /** Forgets every token and account. Requests that wait start over. */
  forget(): void {
    this.#memory.clear();
    this.#records.forgetAccounts();
  }

  /** @param refusal the token that the resource server refused: another one that has come meanwhile will do */
  async acquire(demand: TokenDemand, refusal: Refusal | null): Promise<TokenResult> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { epoch } = this.#records;
      const known = this.#records.accountOf(demand.clientId);
      const account = known ?? (await this.#findAccount(demand));
      if (account.type === "silent") return UNAVAILABLE;
      if (account.type === "unknown") return BARE;
      if (account.type === "signed-out" && !account.mayAcquire) return BARE;

      const kept = this.#fromMemory(account, demand, refusal);
      if (kept) return { type: "token", accessToken: kept.accessToken, from: known ? "memory" : "page" };

      const answer = await this.#ask(account, demand, "request", refusal);
      if (this.#records.epoch !== epoch || answer?.type === "identity") continue;
      if (answer?.type === "token")
        return { type: "token", accessToken: answer.token.accessToken, from: "page" };
      return answer?.type === "bare" || answer?.type === "incompatible" ? BARE : UNAVAILABLE;
    }
    return UNAVAILABLE;
  }

  #findAccount(demand: TokenDemand): Promise<AccountResult> {
    return this.#accounts.find(demand.clientId, {
      wanted: wantedBy(demand),
      receive: (account, token) => this.#memory.add(keyOf(account, demand), token),
    });
  }

  #fromMemory(account: PageAccount, demand: TokenDemand, refusal: Refusal | null): GivenToken | null {
    if (account.type !== "account") return null;
    const key = keyOf(account, demand);
    const token = this.#memory.get(key, refusal?.accessToken ?? null);
    if (token && this.#memory.isDueForRenewal(key))
      demand.waitUntil(this.#ask(account, demand, "renewal", null));
    return token;
  }

  /**
   * Requests of one account for the same scopes and server share a question, whatever page they come from. When no page has
   * acknowledged it, each client is on its own: the page that answers may have come meanwhile.
   */
  async #ask(
    account: PageAccount,
    demand: TokenDemand,
    purpose: AcquireQuestion["purpose"],
    refusal: Refusal | null,
  ): Promise<Answer | null> {
    const question: AcquireQuestion = {
      type: "acquire",
      account,
      wanted: wantedBy(demand),
      purpose,
      refusal,
    };
    const { key, scopes, server } = demand.match;
    const shared = [this.#records.epoch, account, purpose, refusal, server, scopes];
    const perResource = account.type === "account" && !account.perResource ? null : key;
    const [first, second] = PATIENCE;
    return (
      (await this.#flights.share(JSON.stringify([...shared, perResource]), () =>
        this.#askPages(question, demand, first),
      )) ??
      (await this.#flights.share(JSON.stringify([...shared, perResource, demand.clientId]), () =>
        this.#askPages(question, demand, second),
      ))
    );
  }

  async #askPages(
    question: AcquireQuestion,
    demand: TokenDemand,
    { otherPages, requestingPage }: (typeof PATIENCE)[number],
  ): Promise<Answer | null> {
    const { epoch } = this.#records;
    for (const page of await this.#pagesFor(demand.clientId)) {
      const account = await this.#accounts.identify(page);
      if (!account || !isSameAccount(account, question.account)) continue;
      const patience = page.id === demand.clientId ? requestingPage : otherPages;
      const answer = await this.#askPage(page, question, patience);
      if (!answer) continue;
      if (this.#records.epoch === epoch) this.#remember(page.id, answer, demand);
      return answer;
    }
    return null;
  }

  /** An iframe with an account of its own is asked last: a page can leave for the identity provider, an iframe cannot. */
  async #pagesFor(clientId: string): Promise<readonly Client[]> {
    const pages = await this.#pages.all(clientId);
    if (!this.#records.hasNamedAccount(clientId) || pages.some(({ id }) => id === clientId)) return pages;
    const frame = await this.#pages.find(clientId);
    return frame ? [...pages, frame] : pages;
  }

  #remember(pageId: string, answer: Answer, demand: TokenDemand): void {
    if (answer.type === "identity") this.#records.learn(pageId, answer);
    if (answer.type === "token") this.#memory.set(keyOf(answer.account, demand), answer.token);
  }
}

const keyOf = (account: SignedIn, { match }: TokenDemand): string =>
  `${match.server} ${tokenKey(account, match)}`;

const wantedBy = ({ url, method, match }: TokenDemand): WantedToken => ({
  url,
  method,
  scopes: match.scopes,
});
