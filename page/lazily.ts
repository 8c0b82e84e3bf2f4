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

/** Loads a part ahead of its need: after a deployment the server may have lost the file. */
export const preload = (part: () => Promise<unknown>): void => void part().catch(() => undefined);
