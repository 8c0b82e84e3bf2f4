/** Whether the user sees this page. */
export interface Visibility {
  isVisible(): boolean;
  /** Calls `listener` after every change, until `over` aborts. */
  onChange(listener: () => void, over: AbortSignal): void;
}

export const documentVisibility: Visibility = {
  isVisible: () => document.visibilityState === "visible",
  onChange: (listener, signal) => document.addEventListener("visibilitychange", listener, { signal }),
};

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
