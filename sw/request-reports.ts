import { seal } from "../protocol/messages.ts";
import type { ObservedNotice, PendingNotice, ProofRefusedNotice } from "../protocol/request-notices.ts";
import type { ClientRecords } from "./clients.ts";
import type { OpenPages } from "./open-pages.ts";

type Notice = ObservedNotice | PendingNotice | ProofRefusedNotice;

/**
 * Reports the course of one request to the page that made it. A client that does not observe or attach, such as a web worker,
 * is no such page, and a navigation has none. Their requests are reported to pages of the same account.
 */
export class RequestReports {
  readonly #clientId: string;
  readonly #records: ClientRecords;
  readonly #pages: OpenPages;
  /** The account that the request is sent for; `null` while it has no token. */
  #account: string | null = null;

  constructor(clientId: string, records: ClientRecords, pages: OpenPages) {
    this.#clientId = clientId;
    this.#records = records;
    this.#pages = pages;
  }

  /** Takes in the account that the request is sent for. Its client may change its account meanwhile. */
  noteAccount(id: string): void {
    this.#account = id;
  }

  /** Reports a wait or the outcome, to pages that observe. */
  async observed(notice: ObservedNotice | PendingNotice): Promise<void> {
    const isOwn = this.#records.isObserving(this.#clientId);
    await this.#tell(isOwn ? [this.#clientId] : this.#records.observersOf(this.#knownAccount), notice);
  }

  /** Reports a refused proof, which each page emits as an event. */
  async proofRefused(notice: ProofRefusedNotice): Promise<void> {
    if (this.#records.hasSpoken(this.#clientId)) return await this.#tell([this.#clientId], notice);
    const account = this.#knownAccount;
    const pages = await this.#pages.all();
    const ids = pages.map(({ id }) => id).filter((id) => this.#records.isOf(id, account));
    await this.#tell(ids, notice);
  }

  get #knownAccount(): string | null {
    return this.#account ?? this.#records.accountOf(this.#clientId)?.id ?? null;
  }

  async #tell(ids: readonly string[], notice: Notice): Promise<void> {
    for (const id of ids) {
      const page = await this.#pages.find(id);
      if (page) page.postMessage(seal(notice));
      else this.#records.forget(id);
    }
  }
}
