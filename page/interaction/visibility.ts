import type { Visibility } from "./environment.ts";

/** Resolves when the user sees this page, or when `over` aborts. */
export async function whenVisible(visibility: Visibility, over: AbortSignal): Promise<void> {
  const settled = new AbortController();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (visibility.isVisible() || over.aborted) resolve();
    };
    visibility.onChange(look, settled.signal);
    over.addEventListener("abort", look, { signal: settled.signal });
    look();
  });
  settled.abort();
}
