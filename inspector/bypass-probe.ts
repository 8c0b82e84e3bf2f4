/**
 * Detects whether the page's requests bypass the worker that controls it. Chromium's developer tools have a switch for
 * that, and no event reports it. A request to the worker's own script shows it if no worker took part in the response.
 * The probe runs now and each time the window gets the focus, which it loses to the tools.
 *
 * @returns the result of the last probe
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
