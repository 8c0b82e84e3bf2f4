import { type Clock, pause, within } from "../../pipeline/clock.ts";
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

/** How many milliseconds the identity library may take without the user. MSAL's own hidden iframe gives up after 10 seconds. */
export const SILENT_WITHIN = 30_000;
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
  /** The numbers of tries that were not answered in time, and still wait. */
  readonly #unanswered = new BoundedMap<string, Set<number>>(FAILURES_KEPT);
  /** How often something has changed. */
  #changes = 0;
  readonly #clock: Clock;
  readonly #isOnline: () => boolean;

  constructor(clock: Clock, isOnline: () => boolean) {
    this.#clock = clock;
    this.#isOnline = isOnline;
  }

  /**
   * Forgets every failure: something has changed, and the same request may succeed now. A try that is under way and still
   * finds a need for the user is made once more.
   */
  startOver(): void {
    this.#changes += 1;
    this.#failures.clear();
  }

  /**
   * Asks the identity library for a token, after the pause that is due.
   *
   * @param key stands for the token and for the challenge that it has to answer
   * @param silent asks. Its number is one that no earlier try has which was not answered in time and still waits
   * @throws BearerWorkerError `silent_timeout`, or the error of `silent`
   */
  async run(key: string, silent: (unanswered: number) => Promise<AccessToken>): Promise<AccessToken> {
    const failure = this.#failures.get(key);
    if (failure && !this.#isOver(failure)) {
      if (failure.needsUser) throw failure.error;
      await pause(this.#clock, failure.until - this.#clock.elapsed());
    }
    for (;;) {
      const changes = this.#changes;
      try {
        const token = await this.#inTime(key, silent);
        this.#failures.delete(key);
        return token;
      } catch (error) {
        const code = error instanceof BearerWorkerError ? error.code : "silent_failed";
        const needsUser = code === "interaction_required";
        // The user has acted meanwhile, and the provider answered before that.
        if (needsUser && changes !== this.#changes) continue;
        this.#note(key, error, needsUser, failure?.tries ?? 0);
        throw error;
      }
    }
  }

  async #inTime(key: string, silent: (unanswered: number) => Promise<AccessToken>): Promise<AccessToken> {
    const taken = this.#unanswered.get(key) ?? new Set();
    let number = 0;
    while (taken.has(number)) number += 1;
    const asked = silent(number);
    return await within(this.#clock, SILENT_WITHIN, asked, () => {
      taken.add(number);
      this.#unanswered.set(key, taken);
      const answered = (): void => void taken.delete(number);
      asked.then(answered, answered);
      return silentTimeout();
    });
  }

  #note(key: string, error: unknown, needsUser: boolean, tries: number): void {
    // Offline, no provider was asked, and the next try may follow the network's return.
    if (!this.#isOnline()) return;
    // Tries that ran side by side count as one.
    const known = this.#failures.get(key);
    if (known && !this.#isOver(known)) return;
    const length = Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);
    const until = this.#clock.elapsed() + length;
    this.#failures.set(key, { error, needsUser, tries: tries + 1, until });
  }

  #isOver({ until }: Failure): boolean {
    return this.#clock.elapsed() >= until;
  }
}

const silentTimeout = (): BearerWorkerError =>
  new BearerWorkerError(
    "silent_timeout",
    "The identity library did not answer within 30 seconds. The next request asks it again.",
  );
