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

/** A page that is never idle loads parts ahead of their need after so many milliseconds. */
const IDLE_WITHIN = 1_000;

/**
 * Loads a part ahead of its need, since the server may have lost the file after a deployment. Waits until the page is idle:
 * the page's first requests come first.
 */
export function preload(part: () => Promise<unknown>): void {
  const load = (): void => void part().catch(() => undefined);
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in globalThis) requestIdleCallback(load, { timeout: IDLE_WITHIN });
  else setTimeout(load);
}
