/** Whether the user sees this page. */
export const isVisible = (): boolean => document.visibilityState === "visible";

/** Resolves when the user sees this page, or they acted elsewhere. */
export const visible = async (acted: AbortSignal): Promise<void> => {
  const done = new AbortController();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (isVisible() || acted.aborted) resolve();
    };
    document.addEventListener("visibilitychange", look, done);
    acted.addEventListener("abort", look, done);
    look();
  });
  done.abort();
};
