import { type Clock, pause } from "../../pipeline/clock.ts";
import { BoundedMap } from "../../protocol/bounded-map.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { AccessToken } from "../token-source.ts";

interface Failure {
  readonly error: unknown;
  readonly needsUser: boolean;
  readonly tries: number;
  /** By `Clock.elapsed`. */
  readonly until: number;
}

/** The pause after a first failure, in milliseconds. It doubles with each that follows. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 8_000;
/** How many different requests for tokens are remembered as failing. */
const FAILURES_KEPT = 100;

/**
 * Keeps a page that makes many requests from asking a provider in trouble for each of them. MSAL has a throttle for some
 * answers only: JSON with status 429 or 5xx.
 *
 * During a pause requests wait for its end, and then get the provider's present answer. A need for the user is known
 * already, and reported at once.
 */
export class Backoff {
  readonly #failures = new BoundedMap<string, Failure>(FAILURES_KEPT);
  readonly #unanswered = new BoundedMap<string, number>(FAILURES_KEPT);
  readonly #clock: Clock;
  readonly #isOnline: () => boolean;

  constructor(clock: Clock, isOnline: () => boolean) {
    this.#clock = clock;
    this.#isOnline = isOnline;
  }

  /** Forgets every failure: something has changed, and the same request may succeed now. */
  startOver(): void {
    this.#failures.clear();
  }

  /**
   * Asks the identity library for a token, after the pause that is due.
   *
   * @param key stands for the token and for the challenge that it has to answer
   * @param silent asks, and ends in time; is told how many tries before it did not
   */
  async run(key: string, silent: (unanswered: number) => Promise<AccessToken>): Promise<AccessToken> {
    const failure = this.#failures.get(key);
    if (failure && !this.#isOver(failure)) {
      if (failure.needsUser) throw failure.error;
      await pause(this.#clock, failure.until - this.#clock.elapsed());
    }
    try {
      const token = await silent(this.#unanswered.get(key) ?? 0);
      this.#failures.delete(key);
      return token;
    } catch (error) {
      this.#note(key, error, failure?.tries ?? 0);
      throw error;
    }
  }

  #note(key: string, error: unknown, tries: number): void {
    const code = error instanceof BearerWorkerError ? error.code : "silent_failed";
    if (code === "silent_timeout") this.#unanswered.set(key, (this.#unanswered.get(key) ?? 0) + 1);
    // Offline, no provider was asked, and the next try may follow the network's return.
    if (!this.#isOnline()) return;
    // Tries that ran side by side count as one.
    const known = this.#failures.get(key);
    if (known && !this.#isOver(known)) return;
    const length = Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);
    const until = this.#clock.elapsed() + length;
    this.#failures.set(key, { error, needsUser: code === "interaction_required", tries: tries + 1, until });
  }

  #isOver({ until }: Failure): boolean {
    return this.#clock.elapsed() >= until;
  }
}
