import { BoundedMap } from "../protocol/bounded-map.ts";
import type { Refusal } from "../protocol/questions.ts";
import type { Clock } from "./clock.ts";

/** How many successors are remembered. */
const SUCCESSORS_KEPT = 100;
/** For how many milliseconds a successor that is refused like the token before it shows that no token will do. */
const FINAL = 60_000;

interface Successor {
  /** By `Clock.elapsed`. */
  readonly acquiredAt: number;
  /** Whether a resource server has accepted it in place of the refused token. */
  readonly isAccepted: boolean;
}

/**
 * Tokens that were acquired because another one was refused, each with the challenge that it answers.
 *
 * A server that refuses every token would otherwise cost a question to the identity provider for each request. A successor
 * that was accepted first, and is refused later, has been revoked: another token will do.
 */
export class Successors {
  readonly #successors = new BoundedMap<string, Successor>(SUCCESSORS_KEPT);
  readonly #clock: Pick<Clock, "elapsed">;

  constructor(clock: Pick<Clock, "elapsed">) {
    this.#clock = clock;
  }

  /** Takes in a token that was acquired in answer to a challenge. Requests that share it may each say so. */
  add(accessToken: string, challenge: string): void {
    const key = keyOf(accessToken, challenge);
    if (!this.#successors.has(key))
      this.#successors.set(key, { acquiredAt: this.#clock.elapsed(), isAccepted: false });
  }

  /** Takes in that a resource server accepted a token in place of the one that it had refused with `challenge`. */
  accept(accessToken: string, challenge: string): void {
    const key = keyOf(accessToken, challenge);
    const successor = this.#successors.get(key);
    if (successor) this.#successors.set(key, { ...successor, isAccepted: true });
  }

  /** Whether the refused token came, a moment ago, in answer to this very challenge: no other token will do better. */
  isFinal({ accessToken, challenge }: Pick<Refusal, "accessToken" | "challenge">): boolean {
    const successor = this.#successors.get(keyOf(accessToken, challenge));
    return (
      successor !== undefined && !successor.isAccepted && this.#clock.elapsed() < successor.acquiredAt + FINAL
    );
  }

  clear(): void {
    this.#successors.clear();
  }
}

const keyOf = (accessToken: string, challenge: string): string => JSON.stringify([accessToken, challenge]);
