import { Deferred } from "../pipeline/deferred.ts";
import type { IdentityAnswer } from "../protocol/answers.ts";
import type { AnnounceNotice } from "../protocol/messages.ts";
import { type PageAccount, type SignedIn, isSameAccount } from "../protocol/page-account.ts";

/** A page's map beside the worker's. */
export interface ComparedMap {
  /** Whether it is another map than the worker's. */
  readonly isOther: boolean;
  /** Whether a page with this map decides on a request as the worker does. */
  decidesAlike(url: string, method: string): boolean;
}

/** Everything that the worker keeps about one client: a page, an iframe or a web worker. */
interface ClientRecord {
  /** The account that the client itself has named. `null` while it has not, and again once any account has changed. */
  named: PageAccount | null;
  /** The account that was concluded from the open pages, because the client has not named it itself. */
  concluded: SignedIn | null;
  /** The page's map; `null` while it has not said. */
  map: ComparedMap | null;
  /** Whether the page listens to `request` events. */
  isObserving: boolean;
  /** Whether the page has ever said anything to this worker: it attaches tokens. */
  hasSpoken: boolean;
  /** Whether the page has said what dead workers have sent for it. It does so when it is asked for its identity. */
  hasAnswered: boolean;
  /** Until when the page counts as silent, by `Clock.elapsed`: it was asked and said nothing. Infinity: until it speaks. */
  silentUntil: number;
  /** Requests wait for the client to say whose page it is; `null` while none does. */
  naming: Deferred | null;
  /** Requests that dead workers have sent for the page and never answered, by lock. `null` once one was refused a second send. */
  readonly unanswered: Map<string, string | null>;
}

/**
 * One record per client, removed once the client is gone.
 *
 * A signed-out page has no account here and is asked each time, so that its first request after the sign-in finds the account.
 */
export class ClientRecords {
  readonly #records = new Map<string, ClientRecord>();
  readonly #list: Pick<Clients, "get">;
  readonly #compareMap: (map: string) => ComparedMap;
  readonly #isOwnLock: (lock: string) => boolean;
  #isPruning = false;
  #epoch = 0;
  #changes = 0;

  /**
   * @param compareMap compares the map that a page names with the worker's
   * @param isOwnLock whether this worker has sent the request of a lock
   */
  constructor(
    list: Pick<Clients, "get">,
    compareMap: (map: string) => ComparedMap,
    isOwnLock: (lock: string) => boolean,
  ) {
    this.#list = list;
    this.#compareMap = compareMap;
    this.#isOwnLock = isOwnLock;
  }

  /** Grows when an account signs out or changes. An answer to a question of an earlier epoch is not remembered. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Grows when a page or frame first names its account, or changes it. A conclusion that was begun before is not remembered. */
  get changes(): number {
    return this.#changes;
  }

  get size(): number {
    return this.#records.size;
  }

  /** The account whose tokens a client's requests get; `null` as long as it is unknown or signed out. */
  accountOf(clientId: string): SignedIn | null {
    const record = this.#records.get(clientId);
    const account = record?.named ?? record?.concluded;
    return account?.type === "account" ? account : null;
  }

  /** The account that the client has named itself, signed out or not; `null` while it has not. */
  namedBy(clientId: string): PageAccount | null {
    return this.#records.get(clientId)?.named ?? null;
  }

  /**
   * Whether the page that decides on a client's request decides as the worker does. A client that cannot name its map itself
   * belongs to any of the pages, so all of them have to.
   */
  decideAlike(clientId: string, url: string, method: string): boolean {
    const own = this.#records.get(clientId)?.map;
    const maps = own ? [own] : [...this.#records.values()].flatMap(({ map }) => map ?? []);
    return maps.every((map) => map.decidesAlike(url, method));
  }

  /** Whether the client has said that its map is another one than the worker's. */
  hasOtherMap(clientId: string): boolean {
    return this.#records.get(clientId)?.map?.isOther ?? false;
  }

  /** Takes in what a page says of itself. */
  learn(clientId: string, { account, map, observing, ...identity }: AnnounceNotice | IdentityAnswer): void {
    const record = this.#recordOf(clientId);
    if (!record.named || !isSameAccount(record.named, account)) this.#dropConclusions();
    record.named = account;
    record.map = this.#compareMap(map);
    record.isObserving = observing;
    record.hasSpoken = true;
    record.silentUntil = 0;
    record.naming?.resolve();
    record.naming = null;
    if (identity.type === "announce") return;
    record.hasAnswered = true;
    for (const { lock, request } of identity.unanswered) {
      // A busy page may hear a question before the news that the request was answered.
      if (this.#isOwnLock(lock)) continue;
      if (!record.unanswered.has(lock)) record.unanswered.set(lock, request);
    }
  }

  /** Resolves when the client next says whose page it is, as an answer or by itself. */
  async whenNamed(clientId: string): Promise<null> {
    const record = this.#recordOf(clientId);
    record.naming ??= new Deferred();
    await record.naming.promise;
    return null;
  }

  /** Remembers that a page was asked and said nothing, until it says something or the time has come. */
  noteSilence(clientId: string, until: number): void {
    const record = this.#recordOf(clientId);
    record.silentUntil = Math.max(record.silentUntil, until);
  }

  /** Remembers that a page or frame has said something. It will name its account itself. */
  noteVoice(clientId: string): void {
    const record = this.#recordOf(clientId);
    record.concluded = null;
    record.hasSpoken = true;
    record.silentUntil = 0;
  }

  hasSpoken(clientId: string): boolean {
    return this.#records.get(clientId)?.hasSpoken ?? false;
  }

  /** Whether the client has said what dead workers have sent for it, or cannot say anything. */
  hasAnswered(clientId: string): boolean {
    const { named = null, hasAnswered = false } = this.#records.get(clientId) ?? {};
    return named === null || hasAnswered;
  }

  /** Whether a page that has never spoken was waited for, and is not waited for again. */
  isMute(clientId: string): boolean {
    return this.isSilent(clientId, Number.MAX_VALUE);
  }

  isSilent(clientId: string, now: number): boolean {
    return now < (this.#records.get(clientId)?.silentUntil ?? 0);
  }

  /** Remembers an account for a client that has not named it itself. Its own word counts, whenever it comes. */
  conclude(clientId: string, account: SignedIn): void {
    this.#recordOf(clientId).concluded = account;
  }

  /** Forgets every account: one of them signed out or changed. */
  forgetAccounts(): void {
    this.#epoch++;
    this.#dropConclusions();
    for (const record of this.#records.values()) record.named = null;
  }

  /** Whether any client listens to `request` events. */
  get isObserved(): boolean {
    return [...this.#records.values()].some(({ isObserving }) => isObserving);
  }

  /** Whether a client uses this account, as far as is known. An unknown account is nobody's. */
  isOf(clientId: string, account: string | null): boolean {
    return account !== null && this.accountOf(clientId)?.id === account;
  }

  /** The clients that listen to `request` events, and use this account. */
  observersOf(account: string | null): string[] {
    return [...this.#records.keys()].filter((id) => this.isObserving(id) && this.isOf(id, account));
  }

  isObserving(clientId: string): boolean {
    return this.#records.get(clientId)?.isObserving ?? false;
  }

  /**
   * Whether a dead worker has sent this request for the client and never answered it. Says so once for each such request,
   * since identical requests can have been under way.
   */
  takeUnanswered(clientId: string, request: string): boolean {
    const unanswered = this.#records.get(clientId)?.unanswered ?? new Map<string, string | null>();
    for (const [lock, left] of unanswered) {
      if (left !== request) continue;
      unanswered.set(lock, null);
      return true;
    }
    return false;
  }

  forget(clientId: string): void {
    this.#records.delete(clientId);
  }

  /** Removes the records of clients that are gone. No event tells a worker of it, so every new client is an occasion. */
  async #prune(): Promise<void> {
    if (this.#isPruning) return;
    this.#isPruning = true;
    const ids = [...this.#records.keys()];
    const clients = await Promise.all(ids.map((id) => this.#list.get(id)));
    ids.forEach((id, i) => clients[i] ?? this.#records.delete(id));
    this.#isPruning = false;
  }

  #recordOf(clientId: string): ClientRecord {
    const known = this.#records.get(clientId);
    if (known) return known;
    const record: ClientRecord = {
      named: null,
      concluded: null,
      map: null,
      isObserving: false,
      hasSpoken: false,
      hasAnswered: false,
      silentUntil: 0,
      naming: null,
      unanswered: new Map(),
    };
    this.#records.set(clientId, record);
    void this.#prune();
    return record;
  }

  #dropConclusions(): void {
    this.#changes++;
    for (const record of this.#records.values()) record.concluded = null;
  }
}
