// Makes requests of every kind, without tokens, and reports the result of each.
(() => {
  const documentId = crypto.randomUUID();
  const say = (message) => soakSays(JSON.stringify({ document: documentId, at: Date.now(), ...message }));

  let worker;
  const inWorker = new Map();
  function startWorker() {
    worker = new Worker("/fetching-worker.js");
    worker.onmessage = ({ data }) => {
      if (data.type === "probed") say({ ...data, by: "web worker" });
      else inWorker.get(data.id)?.(data);
    };
  }

  const kinds = {
    async fetch({ url }) {
      const response = await fetch(url);
      await response.json();
      return { status: response.status };
    },
    async post({ url, id }) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ order: id }),
      });
      await response.json();
      return { status: response.status };
    },
    xhr: ({ url }) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open("GET", url);
        request.onloadend = () => resolve({ status: request.status });
        request.send();
      }),
    img: ({ url }) =>
      new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve({ status: image.naturalWidth > 0 ? 200 : 0 });
        image.onerror = () => resolve({ status: 0 });
        image.src = url;
      }),
    async download({ url, bytes }) {
      const response = await fetch(url);
      let length = 0;
      for (const reader = response.body.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        length += value.length;
      }
      return {
        status: response.ok && length !== bytes ? 0 : response.status,
        error: `${length} of ${bytes}`,
      };
    },
    worker: ({ url, id }) =>
      new Promise((resolve) => {
        inWorker.set(id, resolve);
        if (!worker) startWorker();
        worker.postMessage({ id, url });
      }).finally(() => inWorker.delete(id)),
  };

  /**
   * Whether the browser gave a request to a service worker; null where it does not say so, as for other origins.
   * https://w3c.github.io/resource-timing/#dom-performanceresourcetiming-workerstart
   */
  function wentToWorker(url) {
    const { href, origin } = new URL(url, location.href);
    const [timing] = performance.getEntriesByName(href, "resource");
    return timing && origin === location.origin ? timing.workerStart > 0 : null;
  }

  async function send({ id, kind, url, ...rest }) {
    say({ type: "made", id, kind, url, worker: navigator.serviceWorker.controller?.state ?? "none" });
    const got = await kinds[kind]({ id, url, ...rest }).catch((error) => ({
      status: 0,
      error: String(error),
    }));
    say({
      type: "got",
      id,
      status: got.status,
      error: got.status === 0 ? (got.error ?? "network error") : null,
      wentToWorker: wentToWorker(url),
    });
  }

  /** A request that no page serves itself shows whether the browser gives this page's requests to its worker. */
  function probe() {
    const url = `/api/orders?probe=${documentId}`;
    const image = new Image();
    image.onload = image.onerror = () => say({ type: "probed", by: "page", wentToWorker: wentToWorker(url) });
    image.src = url;
  }

  globalThis.soak = { documentId, probe, say, send };
})();
