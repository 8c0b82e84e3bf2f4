import { setTimeout as elapse } from "node:timers/promises";

/**
 * What a promise gives, or "too late" when it has given nothing within so many milliseconds. It is a deadline and no wait:
 * an answer in time is not held up by it, and leaves no timer behind.
 */
export async function inTime<Value>(
  answer: Promise<Value>,
  milliseconds: number,
): Promise<Value | "too late"> {
  const answered = new AbortController();
  const late = elapse(milliseconds, "too late" as const, { signal: answered.signal });
  return await Promise.race([answer, late]).finally(() => answered.abort());
}
