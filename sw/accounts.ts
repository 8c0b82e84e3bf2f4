import type { Clock } from "../pipeline/clock.ts";
import type { Answer, GivenToken } from "../protocol/answers.ts";
import { type PageAccount, type SignedIn, isSameAccount } from "../protocol/page-account.ts";
import type { WantedToken } from "../protocol/questions.ts";
import type { AskPage } from "./ask-page.ts";
import type { ClientRecords } from "./clients.ts";
import { isVisible, isWindow, type OpenPages } from "./open-pages.ts";
import { SingleFlight } from "../pipeline/single-flight.ts";

/** The account of a client. */
export type AccountResult =
  | PageAccount
  /** No page answers. */
  | { readonly type: "silent" }
  /** Pages name different accounts, one of several pages is silent, or the client has gone. */
  | { readonly type: "unknown" };

/** A page that does not acknowledge within so many milliseconds is asked again: it may have loaded meanwhile. */
const ASK_EVERY = 500;
/** After so many milliseconds a page that makes a request itself counts as silent. */
export const BUSY = 30_000;
/** The same for a page that waits for a script or style: that file may be what keeps the page from answering. */
const BLOCKED = 1_000;
/** The same for a page that has never said anything to this worker. It may attach no tokens, or be busy since before the start. */
const UNHEARD = 15_000;
/** The same for a visible page that is asked on behalf of another client. It may be loading. */
const LOADING = 10_000;
/** The same for all other clients. */
const IDLE = 1_000;
/** For how many milliseconds a silent page is not asked again on behalf of other clients. */
const SILENCE = 10_000;
/** For how many milliseconds all pages are asked anew because one of them came, went or changed its account meanwhile. */
const UNSETTLED = 10_000;

const SILENT = { type: "silent" } as const;
const GONE = { type: "gone" } as const;
const UNKNOWN: AccountResult = { type: "unknown" };

/** The answer of a page that is asked on behalf of another client. */
type Voice = PageAccount | typeof SILENT | typeof GONE;

/** A request that waits for the answer, and the receiver of its token, which a page may send along with its identity. */
export interface Waiting {
  readonly wanted: WantedToken;
  /** Whether the client cannot go on loading without the response. */
  readonly blocksLoading: boolean;
  /** Whether it may be sent twice. Another one waits for the page's answer, which names what dead workers have sent. */
  readonly mayRepeat: boolean;
  receive(account: SignedIn, token: GivenToken): void;
}

/** Finds out whose tokens a client's requests get. */
export class Accounts {
  readonly #records: ClientRecords;
  readonly #pages: OpenPages;
  readonly #ask: AskPage;
  readonly #clock: Clock;
  readonly #flights = new SingleFlight();

  constructor(records: ClientRecords, pages: OpenPages, ask: AskPage, clock: Clock) {
    this.#records = records;
    this.#pages = pages;
    this.#ask = ask;
    this.#clock = clock;
  }

  /** Asks for the account of a client whose record has none. The client id of a navigation is empty. */
  find(clientId: string, waiting: Waiting): Promise<AccountResult> {
    const flight = `${this.#records.epoch} ${waiting.blocksLoading} ${waiting.mayRepeat} ${clientId}`;
    return this.#flights.share(flight, () => this.#find(clientId, waiting));
  }

  /** The account of a page; `null` when the page is silent or gone, or its identity library fails. */
  async identify(
    client: Client,
    patience = IDLE,
    waiting: Waiting | null = null,
  ): Promise<PageAccount | null> {
    const end = this.#clock.elapsed() + patience;
    const { id } = client;
    let page: Client | null = client;
    let wanted = waiting?.wanted ?? null;
    const known = (): PageAccount | null =>
      waiting?.mayRepeat === false && !this.#records.hasAnswered(id) ? null : this.#records.accountOf(id);
    while (page && !known() && this.#clock.elapsed() < end) {
      const { epoch } = this.#records;
      const asking = this.#ask(page, { type: "identify", wanted }, ASK_EVERY);
      // A page that has just loaded says by itself whose page it is, and may be too busy to answer.
      const answer = await (waiting?.mayRepeat
        ? Promise.race([asking, this.#records.whenNamed(id)])
        : asking);
      if (answer && this.#records.epoch === epoch) return this.#learn(id, answer, waiting);
      // The wanted token is at hand or it is not. One question for it is enough.
      wanted = null;
      page = await this.#pages.find(id);
    }
    if (page) return known();
    // A page that has gone cannot say what dead workers have sent for it, and counts with its last word.
    const account = this.#records.accountOf(id);
    this.#records.forget(id);
    return account;
  }

  /** Asks a page for its account, though it may be known: a page that has frozen since says nothing. */
  async confirm(page: Client, patience: number): Promise<PageAccount | null> {
    const { epoch } = this.#records;
    const answer = await this.#ask(page, { type: "identify", wanted: null }, patience);
    if (!answer || this.#records.epoch !== epoch) return null;
    return this.#learn(page.id, answer, null);
  }

  /** Remembers that a page was asked and said nothing, unless it has gone. */
  async noteSilence({ id }: Client, milliseconds = SILENCE): Promise<void> {
    if (await this.#pages.find(id)) this.#records.noteSilence(id, this.#clock.elapsed() + milliseconds);
  }

  #learn(id: string, answer: Answer, waiting: Waiting | null): PageAccount | null {
    if (answer.type !== "identity") {
      this.#records.noteVoice(id);
      // A page of another version cannot say who it is. Any other page fails to for now.
      return answer.type === "incompatible" ? { type: "signed-out", mayAcquire: false } : null;
    }
    const { account, token } = answer;
    this.#records.learn(id, answer);
    if (token && account.type === "account") waiting?.receive(account, token);
    return account;
  }

  async #find(clientId: string, waiting: Waiting): Promise<AccountResult> {
    const client = await this.#pages.find(clientId);
    if (clientId && !client) return this.#records.accountOf(clientId) ?? UNKNOWN;
    if (client && this.#pages.isPage(client)) return await this.#ownAccount(client, waiting);
    const own = client && isWindow(client) && (await this.#frameAccount(client, waiting));
    if (own) return own;
    // A web worker, a navigation or most iframes cannot speak for themselves, and no engine links them to their page.
    const agreed = await this.#agreedAccount(client);
    // A navigation may open the very first page.
    return client || agreed.type !== "silent" ? agreed : UNKNOWN;
  }

  /**
   * The account of the page that waits. A page that has spoken is busy, and its request fails in the end. A page that never
   * has may be one without `attachTokens`: its requests go out bare once it was waited for, until it speaks.
   */
  async #ownAccount(page: Client, waiting: Waiting): Promise<AccountResult> {
    const { id } = page;
    const { blocksLoading } = waiting;
    const isSilent = blocksLoading && this.#records.isSilent(id, this.#clock.elapsed());
    if (isSilent || this.#records.isMute(id)) return UNKNOWN;
    const isKnown = this.#records.hasSpoken(id);
    const own = await this.identify(page, blocksLoading ? BLOCKED : isKnown ? BUSY : UNHEARD, waiting);
    if (own) return own;
    if (this.#records.hasSpoken(id) && !blocksLoading) return SILENT;
    if (blocksLoading) await this.noteSilence(page);
    else await this.#waitNoLonger(page);
    return UNKNOWN;
  }

  /** The account that an iframe names itself. One that says nothing is waited for once, unless it is alone. */
  async #frameAccount(frame: WindowClient, waiting: Waiting): Promise<PageAccount | null> {
    if (!this.#pages.isOurs(frame)) return null;
    const isBesidePages = (await this.#pages.frames()).some(({ id }) => id === frame.id);
    return await (isBesidePages ? this.#identifyFrame(frame, waiting) : this.identify(frame, IDLE, waiting));
  }

  async #identifyFrame(frame: WindowClient, waiting: Waiting | null = null): Promise<PageAccount | null> {
    if (this.#records.isMute(frame.id)) return null;
    const account = await this.identify(frame, IDLE, waiting);
    if (!account) await this.#waitNoLonger(frame);
    return account;
  }

  /** The account that a frame has of its own; `null` for a frame that has none, or attaches no tokens. */
  async #frameVoice(frame: WindowClient): Promise<Voice | null> {
    const account = await this.#identifyFrame(frame);
    if (account) return account.type === "account" ? account : null;
    return this.#records.hasSpoken(frame.id) ? SILENT : null;
  }

  /**
   * Counts a page or frame as silent until it says something. It may be busy all the while, as under an open `alert`. So it
   * keeps a last question, which it answers once it can.
   */
  async #waitNoLonger(page: Client): Promise<void> {
    if (!(await this.#pages.find(page.id))) return;
    const { id } = page;
    this.#records.noteSilence(id, Infinity);
    const { epoch } = this.#records;
    void this.#ask(page, { type: "identify", wanted: null }, Infinity).then((answer) => {
      if (answer && this.#records.epoch === epoch) this.#learn(id, answer, null);
      else if (answer) this.#records.noteVoice(id);
    });
  }

  /**
   * The account on which all open pages agree, and all frames that name an account of their own: any of them may have started
   * the web worker. Nothing is concluded while a page is silent.
   *
   * @param client remembers the conclusion; `null` for a navigation
   */
  async #agreedAccount(client: Client | null): Promise<AccountResult> {
    const end = this.#clock.elapsed() + UNSETTLED;
    do {
      const { changes } = this.#records;
      const [pages, frames] = await Promise.all([this.#pages.all(), this.#pages.frames()]);
      const [ofPages, ofFrames] = await Promise.all([
        Promise.all(pages.map((page) => this.#identifyForOthers(page))),
        Promise.all(frames.map((frame) => this.#frameVoice(frame))),
      ]);
      // The client may have gone with its page, whose account counts no more.
      if (client && !(await this.#pages.find(client.id))) return UNKNOWN;
      // A frame may have spoken meanwhile.
      const named = client && this.#records.namedBy(client.id);
      if (named) return named;
      if (this.#records.changes !== changes || ofPages.includes(GONE)) continue;
      const agreed = agreement([...ofPages, ...ofFrames.filter((voice) => voice !== null)]);
      if (client && agreed.type === "account") this.#records.conclude(client.id, agreed);
      return agreed;
    } while (this.#clock.elapsed() < end);
    return UNKNOWN;
  }

  async #identifyForOthers(page: WindowClient): Promise<Voice> {
    const known = this.#records.accountOf(page.id);
    if (known) return known;
    if (this.#records.isSilent(page.id, this.#clock.elapsed())) return SILENT;
    const account = await this.identify(page, isVisible(page) ? LOADING : IDLE);
    if (account) return account;
    // A page that is reloaded goes, and comes again as another client.
    if (!(await this.#pages.find(page.id))) return GONE;
    await this.noteSilence(page);
    return SILENT;
  }
}

export const isAccount = (voice: Voice | AccountResult): voice is PageAccount =>
  voice.type === "account" || voice.type === "signed-out";

function agreement(voices: readonly Voice[]): AccountResult {
  const [first = SILENT] = voices;
  if (voices.every(({ type }) => type === "silent")) return SILENT;
  if (!isAccount(first)) return UNKNOWN;
  return voices.every((voice) => isAccount(voice) && isSameAccount(voice, first)) ? first : UNKNOWN;
}
