// A request that no page serves shows whether the browser gives this web worker's requests to the service worker.
const probe = new URL(`/api/orders?probe=${crypto.randomUUID()}`, location.origin).href;
void fetch(probe)
  .then((response) => response.text())
  .catch(() => undefined)
  .then(() => {
    const [timing] = performance.getEntriesByName(probe, "resource");
    postMessage({ type: "probed", wentToWorker: timing ? timing.workerStart > 0 : null });
  });

onmessage = async ({ data: { id, url } }) => {
  try {
    const response = await fetch(url);
    const { length } = await response.text();
    postMessage({ id, status: response.status, length });
  } catch (error) {
    postMessage({ id, status: 0, error: String(error) });
  }
};
