import { BoundedMap } from "../protocol/bounded-map.ts";
import type { Refusal } from "../protocol/questions.ts";
import type { Clock } from "./clock.ts";

/** How many successors are remembered. */
const SUCCESSORS_KEPT = 100;
/** For how many milliseconds the refusal of a first successor is final. The time doubles with each that follows. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

interface Successor {
  /** By `Clock.elapsed`. */
  readonly acquiredAt: number;
  /** For how many milliseconds from then its refusal is final. */
  readonly pause: number;
  /** Whether a resource server has accepted it in place of the refused token. */
  readonly isAccepted: boolean;
}

/**
 * Tokens that were acquired because another one was refused, each with the challenge that it answers.
 *
 * A server that refuses every token would otherwise cost a question to the identity provider for each request. One refused
 * successor says little: it may be from before a second revocation. The more of them are refused in succession, the longer
 * is the pause before the next. A successor that was accepted first, and is refused later, has been revoked: another token
 * will do.
 */
export class Successors {
  readonly #successors = new BoundedMap<string, Successor>(SUCCESSORS_KEPT);
  readonly #clock: Pick<Clock, "elapsed">;

  constructor(clock: Pick<Clock, "elapsed">) {
    this.#clock = clock;
  }

  /** Takes in a token that was acquired in answer to a refusal. Requests that share it may each say so. */
  add(accessToken: string, refused: RefusedToken): void {
    const { challenge } = refused;
    const key = keyOf(accessToken, challenge);
    // An identity provider may give the refused token again, which starts another pause.
    const isSame = accessToken === refused.accessToken;
    if (this.#successors.has(key) && (!isSame || this.isFinal(refused))) return;
    const before = this.#successors.get(keyOf(refused.accessToken, challenge));
    const pause = before && !before.isAccepted ? Math.min(before.pause * 2, LONGEST_PAUSE) : FIRST_PAUSE;
    this.#successors.set(key, { acquiredAt: this.#clock.elapsed(), pause, isAccepted: false });
  }

  /** Takes in that a resource server accepted a token in place of the one that it had refused with `challenge`. */
  accept(accessToken: string, challenge: string): void {
    const key = keyOf(accessToken, challenge);
    const successor = this.#successors.get(key);
    if (successor) this.#successors.set(key, { ...successor, isAccepted: true });
  }

  /** Whether the refused token came, a moment ago, in answer to this very challenge: no other token will do better. */
  isFinal({ accessToken, challenge }: RefusedToken): boolean {
    const successor = this.#successors.get(keyOf(accessToken, challenge));
    if (!successor || successor.isAccepted) return false;
    return this.#clock.elapsed() < successor.acquiredAt + successor.pause;
  }

  clear(): void {
    this.#successors.clear();
  }
}

type RefusedToken = Pick<Refusal, "accessToken" | "challenge">;

const keyOf = (accessToken: string, challenge: string): string => JSON.stringify([accessToken, challenge]);
