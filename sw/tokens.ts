import type { Clock } from "../pipeline/clock.ts";
import {
  BARE,
  type Credentials,
  type TokenFound,
  type TokenResult,
  UNAVAILABLE,
} from "../pipeline/token-result.ts";
import type { Answer, GivenToken } from "../protocol/answers.ts";
import { isAccountWithId, isSameAccount, type PageAccount, type SignedIn } from "../protocol/page-account.ts";
import type { AcquireQuestion, ProveQuestion, Refusal, WantedProof } from "../protocol/questions.ts";
import { type AccountResult, type Accounts, BUSY, isAccount } from "./accounts.ts";
import type { AskPage } from "./ask-page.ts";
import type { ClientRecords } from "./clients.ts";
import { type Asked, tellFailure } from "./failed-requests.ts";
import type { OpenPages } from "./open-pages.ts";
import { SingleFlight } from "../pipeline/single-flight.ts";
import { memoryKey, type TokenDemand, wantedBy } from "./token-demand.ts";
import { TokenMemory } from "./token-memory.ts";

/** A page that does not acknowledge within so many milliseconds is passed over for the next. */
const ACKNOWLEDGED_WITHIN = 1_000;
/** If none acknowledges, all are asked at once, and the first to answer gets the question: a page can be busy for a while. */
const AWAKE_WITHIN = 9_000;

/**
 * A script or style goes without a token after so many milliseconds. The page may need that very file for its answer: the part
 * that asks the user is loaded when it is needed.
 */
const BLOCKED = 5_000;

type TokenQuestion = AcquireQuestion | ProveQuestion;

/** How often a request starts over because accounts changed while it waited. */
const ATTEMPTS = 3;

/**
 * Gets tokens for requests: from memory, else from a page of the same account.
 *
 * The page's map decides, not the worker's: an injected script could have registered the worker with any map. A token in
 * memory is used for pages whose map is the worker's. Pages with another map, and every navigation, are asked each time.
 */
export class Tokens {
  readonly #memory: TokenMemory;
  readonly #records: ClientRecords;
  readonly #accounts: Accounts;
  readonly #pages: OpenPages;
  readonly #askPage: AskPage;
  readonly #clock: Clock;
  readonly #flights = new SingleFlight();

  constructor(records: ClientRecords, accounts: Accounts, pages: OpenPages, askPage: AskPage, clock: Clock) {
    this.#memory = new TokenMemory(clock);
    this.#records = records;
    this.#accounts = accounts;
    this.#pages = pages;
    this.#askPage = askPage;
    this.#clock = clock;
  }

  /** Forgets every token and account. Requests that wait start over. */
  forget(): void {
    this.#memory.clear();
    this.#records.forgetAccounts();
  }

  /**
   * @param refusal the token that the resource server refused: another one of its account that has come meanwhile will do
   * @returns for a script or style, nothing that takes more than five seconds
   */
  async acquire(demand: TokenDemand, refusal: Refusal | null): Promise<TokenResult> {
    const acquiring = this.#acquire(demand, refusal);
    return demand.blocksLoading ? await this.#untilBlocked(acquiring) : await acquiring;
  }

  async #acquire(demand: TokenDemand, refusal: Refusal | null): Promise<TokenResult> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { epoch } = this.#records;
      const known = this.#knownAccount(demand);
      const account = known ?? (await this.#findAccount(demand));
      if (account.type === "silent") return UNAVAILABLE;
      if (account.type === "unknown") return BARE;
      if (account.type === "signed-out" && !account.mayAcquire) return BARE;
      // The user of the refused token has gone, and another one has nothing to do with it.
      if (refusal && !isAccountWithId(account, refusal.account)) return BARE;

      const kept = this.#isApproved(demand) ? this.#fromMemory(account, demand, refusal) : null;
      if (kept && account.type === "account") return found(account, kept, known ? "memory" : "page");

      demand.noteAsking();
      const { changes } = this.#records;
      const asked = await this.#ask(account, demand, "request", refusal);
      const answer = asked?.answer;
      if (answer?.type === "identity" || !(await this.#isStill(account, demand, epoch, changes))) continue;
      if (answer?.type === "token") {
        // The question may be shared with requests of other pages of the account.
        if (account.type === "account" && answer.account.id !== account.id) continue;
        return found(answer.account, answer.token, "page");
      }
      if (asked) demand.waitUntil(tellFailure(asked, demand, this.#pages));
      return answer?.type === "bare" || answer?.type === "incompatible" ? BARE : UNAVAILABLE;
    }
    return UNAVAILABLE;
  }

  /**
   * Asks a page to sign for one request. Each request needs a proof of its own, so the question is shared with none.
   *
   * @returns the proof with its token, or `null` when no page can sign now
   */
  async prove(demand: TokenDemand, proof: WantedProof): Promise<Credentials | null> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { epoch } = this.#records;
      const account = this.#knownAccount(demand) ?? (await this.#findAccount(demand));
      if (account.type !== "account") return null;
      const { changes } = this.#records;
      const question: ProveQuestion = { type: "prove", account, wanted: wantedBy(demand), proof };
      const asked =
        (await this.#askInTurn(question, demand)) ?? (await this.#askFirstAwake(question, demand));
      const answer = asked?.answer;
      if (answer?.type === "identity" || !(await this.#isStill(account, demand, epoch, changes))) continue;
      if (answer?.type === "token" && answer.proof !== undefined)
        return { accessToken: answer.token.accessToken, proof: answer.proof, account: answer.account.id };
      if (answer?.type !== "bare") return null;
      // A page that has just loaded gets its token first.
      const acquired = (await this.#ask(account, demand, "request", null))?.answer;
      if (acquired?.type !== "token" && acquired?.type !== "identity") return null;
    }
    return null;
  }

  async #untilBlocked(acquiring: Promise<TokenResult>): Promise<TokenResult> {
    let cancel = (): void => undefined;
    const blocked = new Promise<TokenResult>((resolve) => {
      cancel = this.#clock.after(BLOCKED, () => resolve(BARE));
    });
    return await Promise.race([acquiring, blocked]).finally(() => cancel());
  }

  /** The account of a client, unless the page has to be asked first what dead workers have sent for it. */
  #knownAccount({ clientId, mayRepeat }: TokenDemand): SignedIn | null {
    return mayRepeat || this.#records.hasAnswered(clientId) ? this.#records.accountOf(clientId) : null;
  }

  /** Whether the account for which a page was asked is still that of the client. */
  async #isStill(
    account: PageAccount,
    demand: TokenDemand,
    epoch: number,
    changes: number,
  ): Promise<boolean> {
    if (this.#records.epoch !== epoch) return false;
    const named = this.#records.namedBy(demand.clientId);
    if (named) return isSameAccount(named, account);
    if (this.#records.changes === changes) return true;
    // A page has come or changed meanwhile, which may end the conclusion.
    const again = await this.#findAccount(demand);
    return this.#records.epoch === epoch && isAccount(again) && isSameAccount(again, account);
  }

  #findAccount(demand: TokenDemand): Promise<AccountResult> {
    return this.#accounts.find(demand.clientId, {
      wanted: wantedBy(demand),
      blocksLoading: demand.blocksLoading,
      mayRepeat: demand.mayRepeat,
      receive: (account, token) => this.#memory.add(memoryKey(account, demand), token),
    });
  }

  /** Whether the page that decides on a request would approve it, as far as the worker can know. */
  #isApproved({ clientId, isNavigation, url, method }: TokenDemand): boolean {
    return !isNavigation && this.#records.decideAlike(clientId, url, method);
  }

  #fromMemory(account: PageAccount, demand: TokenDemand, refusal: Refusal | null): GivenToken | null {
    if (account.type !== "account") return null;
    const key = memoryKey(account, demand);
    if (refusal) return this.#memory.successor(key, refusal);
    const token = this.#memory.get(key);
    if (token && this.#memory.isDueForRenewal(key))
      demand.waitUntil(this.#ask(account, demand, "renewal", null));
    return token;
  }

  /**
   * Requests of one account for the same scopes and server share a question, whatever page they come from, unless a page has
   * to approve each. When no page has acknowledged it, each client is on its own: the page that answers may have come
   * meanwhile.
   */
  async #ask(
    account: PageAccount,
    demand: TokenDemand,
    purpose: AcquireQuestion["purpose"],
    refusal: Refusal | null,
  ): Promise<Asked | null> {
    const question: AcquireQuestion = {
      type: "acquire",
      account,
      wanted: wantedBy(demand),
      purpose,
      refusal,
    };
    const { key, scopes, server, tokenType = null } = demand.match;
    const approval = this.#isApproved(demand) ? null : [demand.clientId, question.wanted];
    const refused = refusal && [refusal.challenge, refusal.accessToken];
    const shared = [this.#records.epoch, account, purpose, refused, server, scopes, tokenType, approval];
    const perResource = account.type === "account" && !account.perResource ? null : key;
    return (
      (await this.#flights.share(JSON.stringify([...shared, perResource]), () =>
        this.#askInTurn(question, demand),
      )) ??
      (await this.#flights.share(JSON.stringify([...shared, perResource, demand.clientId]), () =>
        this.#askFirstAwake(question, demand),
      ))
    );
  }

  /** Asks one page after the other. Pages that were silent a moment ago are left out. */
  async #askInTurn(question: TokenQuestion, demand: TokenDemand): Promise<Asked | null> {
    const now = this.#clock.elapsed();
    const all = await this.#pagesFor(demand.clientId);
    const pages = all.filter(({ id }) => id === demand.clientId || !this.#records.isSilent(id, now));
    // All at once, so that several silent pages cost one wait.
    const accounts = pages.map((page) => this.#accounts.identify(page));
    for (const [i, page] of pages.entries()) {
      const account = await accounts[i];
      const asked =
        account && isSameAccount(account, question.account)
          ? await this.#askPageFor(page, question, demand, ACKNOWLEDGED_WITHIN)
          : null;
      if (asked) return asked;
      if (!account) await this.#accounts.noteSilence(page);
    }
    return null;
  }

  /** Asks every page whether it is awake. The page that made the request has longer, since failing early does not help it. */
  async #askFirstAwake(question: TokenQuestion, demand: TokenDemand): Promise<Asked | null> {
    const pages = await this.#pagesFor(demand.clientId);
    const patienceWith = ({ id }: Client): number => (id === demand.clientId ? BUSY : AWAKE_WITHIN);
    const awake = pages.map(async (page) => {
      const account = await this.#accounts.confirm(page, patienceWith(page));
      if (account && isSameAccount(account, question.account)) return page;
      if (!account) await this.#accounts.noteSilence(page);
      throw new Error("The page is silent, or has another account.");
    });
    // Rejects when every page is so.
    const page = await Promise.any(awake).catch(() => null);
    return page && (await this.#askPageFor(page, question, demand, patienceWith(page)));
  }

  async #askPageFor(
    page: Client,
    question: TokenQuestion,
    demand: TokenDemand,
    patience: number,
  ): Promise<Asked | null> {
    const { epoch } = this.#records;
    const answer = await this.#askPage(page, question, patience);
    if (answer && this.#records.epoch === epoch) this.#remember(page.id, answer, question, demand);
    if (answer) this.#records.noteVoice(page.id);
    else await this.#accounts.noteSilence(page);
    return answer && { answer, informed: new Set([page.id]) };
  }

  /**
   * A page with another map than the worker's decides for itself, and for clients without a map if no other page can. An iframe
   * with an account of its own is asked last: a page can leave for the identity provider, an iframe cannot.
   */
  async #pagesFor(clientId: string): Promise<readonly Client[]> {
    const all = await this.#pages.all(clientId);
    const isAlone = this.#records.hasOtherMap(clientId);
    const alike = all.filter(({ id }) => id === clientId || !(isAlone || this.#records.hasOtherMap(id)));
    const pages = isAlone || alike.length > 0 ? alike : all;
    const hasOwnAccount = this.#records.namedBy(clientId)?.type === "account";
    if (!hasOwnAccount || pages.some(({ id }) => id === clientId)) return pages;
    const frame = await this.#pages.find(clientId);
    return frame ? [...pages, frame] : pages;
  }

  #remember(pageId: string, answer: Answer, question: TokenQuestion, demand: TokenDemand): void {
    if (answer.type === "identity") this.#records.learn(pageId, answer);
    if (answer.type !== "token") return;
    const key = memoryKey(answer.account, demand);
    const isAfterRefusal = question.type === "acquire" && question.refusal !== null;
    // The page may have had it at hand for as long as another page has had the one in memory.
    const isFirst = question.type === "acquire" && question.purpose === "request" && !isAfterRefusal;
    if (isFirst) this.#memory.add(key, answer.token);
    else this.#memory.replace(key, answer.token, isAfterRefusal);
  }
}

const found = (
  { id: account }: SignedIn,
  { accessToken, signer }: GivenToken,
  from: TokenFound["from"],
): TokenFound => ({
  type: "token",
  account,
  accessToken,
  from,
  signer,
});
