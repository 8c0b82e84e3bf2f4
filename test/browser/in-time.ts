import { setTimeout as elapse } from "node:timers/promises";

/**
 * Gives a promise's value, or "too late" when the promise is still pending at the deadline. A value in time is given at
 * once, and no timer is left behind.
 *
 * @param milliseconds from now to the deadline
 */
export async function inTime<Value>(
  answer: Promise<Value>,
  milliseconds: number,
): Promise<Value | "too late"> {
  const answered = new AbortController();
  const late = elapse(milliseconds, "too late" as const, { signal: answered.signal });
  return await Promise.race([answer, late]).finally(() => answered.abort());
}
