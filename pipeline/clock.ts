/** The time, and the only way to wait for it. Unit tests give a clock that they move by hand. */
export interface Clock {
  /** Milliseconds since the epoch. The user may set this clock back. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring how much time has passed. */
  elapsed(): number;
  /**
   * Runs `callback` once, after so many milliseconds.
   *
   * @returns cancels it
   */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Resolves after so many milliseconds. */
export const pause = (clock: Clock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => void clock.after(milliseconds, resolve));

/**
 * Settles as `promise` does, or rejects with `timeout()` after so many milliseconds. MSAL's network calls have no timeout
 * of their own.
 */
export async function within<Value>(
  clock: Clock,
  milliseconds: number,
  promise: Promise<Value>,
  timeout: () => Error,
): Promise<Value> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(milliseconds, () => reject(timeout()));
  });
  return await Promise.race([promise, late]).finally(() => cancel());
}
