/** Settles as a call of `fetch` does, and rejects at once when its caller aborts it: a call can wait for the user. */
export async function unlessAborted(serving: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { signal: settled.signal });
  });
  return await Promise.race([serving, aborted]).finally(() => settled.abort());
}
