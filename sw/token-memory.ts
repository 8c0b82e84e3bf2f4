import type { Clock } from "../pipeline/clock.ts";
import { BoundedMap } from "../protocol/bounded-map.ts";
import type { GivenToken } from "../protocol/answers.ts";
import type { Refusal } from "../protocol/questions.ts";

/** How many tokens are kept. Expired ones go first. */
const TOKENS_KEPT = 200;
/** For how many milliseconds a renewal that failed is not tried again. */
const RENEWAL_PAUSE = 30_000;

interface Kept extends GivenToken {
  /** When it came in place of a refused token, in milliseconds since the epoch; `null` for any other token. */
  readonly renewedAt: number | null;
}

/** Access tokens in memory, and nowhere else: a worker that was stopped has none, and asks the page again. */
export class TokenMemory {
  readonly #tokens = new BoundedMap<string, Kept>(TOKENS_KEPT);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A token that can still be sent. */
  get(key: string): GivenToken | null {
    return this.#usable(key);
  }

  /**
   * A token that came in place of a refused one after this request was sent. Any other may be as old as the refused token:
   * each page has its own.
   */
  successor(key: string, { accessToken, sentAt }: Refusal): GivenToken | null {
    const token = this.#usable(key);
    if (!token || token.renewedAt === null || token.renewedAt < sentAt) return null;
    return token.accessToken === accessToken ? null : token;
  }

  /** Whether a token's successor should be fetched now. Says so once in a while only. */
  isDueForRenewal(key: string): boolean {
    const token = this.#tokens.get(key);
    const now = this.#clock.now();
    if (!token || now < token.renewAt) return false;
    this.#tokens.set(key, { ...token, renewAt: now + RENEWAL_PAUSE });
    return true;
  }

  /** Keeps a new token: the successor of one that ends, or of one that was refused. Each proof brings its token again. */
  replace(key: string, token: GivenToken, isAfterRefusal: boolean): void {
    if (this.#tokens.get(key)?.accessToken === token.accessToken) return;
    this.#set(key, { ...token, renewedAt: isAfterRefusal ? this.#clock.now() : null });
  }

  /** Keeps the first token: a second cached one need not be fresher. */
  add(key: string, token: GivenToken): void {
    if (!this.#usable(key)) this.#set(key, { ...token, renewedAt: null });
  }

  clear(): void {
    this.#tokens.clear();
  }

  #usable(key: string): Kept | null {
    const token = this.#tokens.get(key);
    // `!(now < end)` also catches NaN.
    return token && this.#clock.now() < token.endsAt ? token : null;
  }

  #set(key: string, token: Kept): void {
    const now = this.#clock.now();
    for (const [other, { endsAt }] of this.#tokens) if (!(now < endsAt)) this.#tokens.delete(other);
    this.#tokens.set(key, token);
  }
}
