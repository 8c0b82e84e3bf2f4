import { BearerWorkerError } from "../protocol/errors.ts";
import type { AccessToken } from "./token-source.ts";

/**
 * Asks the identity library for a token, when it is time to.
 *
 * @param key what the token is kept by, and the challenge that it has to answer
 * @param silent asks, and ends in time; is told how many tries before it did not
 */
export type PaceSilent = (
  key: string,
  silent: (unanswered: number) => Promise<AccessToken>,
) => Promise<AccessToken>;

export interface SilentPace {
  readonly paced: PaceSilent;
  /** Something has changed: what failed before may do now. */
  readonly startOver: () => void;
}

interface Failure {
  readonly error: unknown;
  readonly needsUser: boolean;
  readonly tries: number;
  /** In milliseconds of `performance.now()`: clocks are set back now and then. */
  readonly until: number;
}

/** The pause after a first failure, in milliseconds, doubled by each that follows, and the longest. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 8_000;

/**
 * Keeps a page that makes many requests from asking a provider in trouble for each of them. MSAL has a throttle for some
 * answers only: JSON with status 429 or 5xx.
 *
 * While a pause lasts, requests wait for its end, and then get what the provider says now; what the user has to act for
 * is known already and said at once.
 */
export function createSilentPace(): SilentPace {
  const failures = new Map<string, Failure>();
  const unanswered = new Map<string, number>();

  const note = (key: string, error: unknown, tries: number): void => {
    const code = error instanceof BearerWorkerError ? error.code : "silent_failed";
    if (code === "silent_timeout") unanswered.set(key, (unanswered.get(key) ?? 0) + 1);
    // Nobody was asked, and the next try may follow the network's return.
    if (!navigator.onLine) return;
    // Tries that ran side by side count as one.
    if (isOver(failures.get(key))) {
      const pause = Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);
      const needsUser = code === "interaction_required";
      failures.set(key, { error, needsUser, tries: tries + 1, until: performance.now() + pause });
    }
  };

  return {
    startOver: () => failures.clear(),
    async paced(key, silent) {
      const failure = failures.get(key);
      if (failure && !isOver(failure)) {
        if (failure.needsUser) throw failure.error;
        await new Promise((resolve) => setTimeout(resolve, failure.until - performance.now()));
      }
      try {
        const token = await silent(unanswered.get(key) ?? 0);
        failures.delete(key);
        return token;
      } catch (error) {
        note(key, error, failure?.tries ?? 0);
        throw error;
      }
    },
  };
}

const isOver = (failure: Failure | undefined): boolean => !failure || performance.now() >= failure.until;
