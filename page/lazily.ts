/**
 * Loads a part of the page once, when it is first asked for. A load that failed is tried again by the next caller: after a
 * deployment the server may have lost the file, or the page may have been offline.
 */
export function lazily<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | null = null;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}

/** A page that is never idle does the work after so many milliseconds. */
const IDLE_WITHIN = 1_000;

/** Does some work once the page is idle: the page's first requests come first. */
export function whenIdle(work: () => void): void {
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: IDLE_WITHIN });
  else setTimeout(work);
}

/** Loads a part ahead of its need, once the page is idle: after a deployment the server may have lost the file. */
export function preload(part: () => Promise<unknown>): void {
  whenIdle(() => void part().catch(() => undefined));
}
