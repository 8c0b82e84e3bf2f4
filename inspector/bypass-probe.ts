/**
 * Finds out whether the page's requests pass by the worker that controls it: Chromium's developer tools can have them do
 * so, and nothing tells. A request to the worker's own script that no worker had a part in shows it. Asked now and each
 * time the window gets the focus, which it loses to the tools.
 *
 * @returns whether they did the last time
 */
export function bypassProbe(stopped: AbortSignal): () => boolean {
  let isBypassed = false;
  let probes = 0;
  const probe = async (): Promise<void> => {
    const script = navigator.serviceWorker.controller?.scriptURL;
    if (!script) return;
    const { href } = new URL(`?bearer-inspector=${++probes}`, script);
    const found = new Promise<boolean>((resolve) => {
      const observer = new PerformanceObserver((list) => {
        const [entry] = list.getEntriesByName(href) as PerformanceResourceTiming[];
        if (!entry) return;
        observer.disconnect();
        resolve(entry.workerStart === 0);
      });
      observer.observe({ type: "resource" });
      stopped.addEventListener("abort", () => observer.disconnect());
    });
    await fetch(href, { method: "HEAD" }).catch(() => undefined);
    isBypassed = await found;
  };
  if (!("userAgentData" in navigator)) return () => false;
  addEventListener("focus", () => void probe(), { signal: stopped });
  void probe();
  return () => isBypassed;
}
