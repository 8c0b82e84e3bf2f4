import type { Clock } from "../../pipeline/clock.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that a test moves by hand. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #elapsed = 0;

  now(): number {
    return 1_800_000_000_000 + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are still set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves the time on, and fires the timers that are due, in their order. Promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#elapsed = Math.max(this.#elapsed, due.at);
      due.callback();
      await settle();
    }
    this.#elapsed = end;
    await settle();
  }
}

/** Lets every promise settle that can without time passing. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
