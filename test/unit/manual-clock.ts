import type { Clock } from "../../pipeline/clock.ts";

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #elapsed = 0;
  readonly #timers = new Map<() => void, number>();

  now(): number {
    return 1_700_000_000_000 + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = (): void => callback();
    this.#timers.set(timer, this.#elapsed + milliseconds);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers are still set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves the time on, and runs the timers that are due, in the order of their times. */
  advance(milliseconds: number): void {
    const until = this.#elapsed + milliseconds;
    for (;;) {
      const next = [...this.#timers].sort(([, one], [, other]) => one - other)[0];
      if (!next || next[1] > until) break;
      this.#timers.delete(next[0]);
      this.#elapsed = Math.max(this.#elapsed, next[1]);
      next[0]();
    }
    this.#elapsed = until;
  }
}
