import { BearerWorkerError, type BearerWorkerErrorCode } from "../protocol/errors.ts";

/**
 * Bounds a wait that nobody else bounds: MSAL's network calls have no timeout, and a user may have left.
 *
 * @throws BearerWorkerError with the code, after so many milliseconds
 */
export async function within<Value>(
  milliseconds: number,
  promise: Promise<Value>,
  code: BearerWorkerErrorCode,
  message: string = code,
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BearerWorkerError(code, message)), milliseconds);
  });
  return await Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
