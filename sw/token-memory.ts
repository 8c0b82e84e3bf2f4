import type { Clock } from "../pipeline/clock.ts";
import { BoundedMap } from "../protocol/bounded-map.ts";
import type { GivenToken } from "../protocol/messages.ts";

/** How many tokens are kept. Expired ones go first. */
const TOKENS_KEPT = 200;
/** For how many milliseconds a renewal that failed is not tried again. */
const RENEWAL_PAUSE = 30_000;

/** Access tokens in memory, and nowhere else: a worker that was stopped has none, and asks the page again. */
export class TokenMemory {
  readonly #tokens = new BoundedMap<string, GivenToken>(TOKENS_KEPT);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#tokens.size;
  }

  /** A token that can still be sent, unless it is the one that was refused. */
  get(key: string, refused: string | null): GivenToken | null {
    const token = this.#tokens.get(key);
    // `!(now < end)` also catches NaN.
    if (!token || !(this.#clock.now() < token.endsAt)) return null;
    return token.accessToken === refused ? null : token;
  }

  /** Whether a token's successor should be fetched now. Says so once in a while only. */
  isDueForRenewal(key: string): boolean {
    const token = this.#tokens.get(key);
    const now = this.#clock.now();
    if (!token || now < token.renewAt) return false;
    this.#tokens.set(key, { ...token, renewAt: now + RENEWAL_PAUSE });
    return true;
  }

  set(key: string, token: GivenToken): void {
    const now = this.#clock.now();
    for (const [other, { endsAt }] of this.#tokens) if (!(now < endsAt)) this.#tokens.delete(other);
    this.#tokens.set(key, token);
  }

  /** Keeps the first token: a second cached one need not be fresher, and must not pass for a renewal. */
  add(key: string, token: GivenToken): void {
    if (!this.get(key, null)) this.set(key, token);
  }

  clear(): void {
    this.#tokens.clear();
  }
}
