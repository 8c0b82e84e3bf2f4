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
  /** The address of the last probe. */
  let probed = "";
  const probe = async (): Promise<void> => {
    const script = navigator.serviceWorker.controller?.scriptURL;
    if (!script) return;
    probed = new URL(`?bearer-inspector=${++probes}`, script).href;
    await fetch(probed, { method: "HEAD" }).catch(() => undefined);
  };
  if (!("userAgentData" in navigator)) return () => false;
  const observer = new PerformanceObserver((list) => {
    const [entry] = list.getEntriesByName(probed) as PerformanceResourceTiming[];
    if (entry) isBypassed = entry.workerStart === 0;
  });
  observer.observe({ type: "resource" });
  stopped.addEventListener("abort", () => observer.disconnect());
  addEventListener("focus", () => void probe(), { signal: stopped });
  void probe();
  return () => isBypassed;
}
