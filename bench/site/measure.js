/** The functions that the benchmark calls in each subject's page. Times are in milliseconds. */

let send;

/** Registers a worker, and waits until it controls the page. */
globalThis.register = async (script) => {
  const controlled = new Promise((resolve) => {
    if (navigator.serviceWorker.controller) resolve();
    navigator.serviceWorker.addEventListener("controllerchange", resolve);
  });
  await navigator.serviceWorker.register(script);
  await controlled;
};

globalThis.ready = async (token) => {
  send = (await prepare(token)) ?? ((url, init) => fetch(url, init));
};

/** A page with a URL in its query starts as a site does, and requests that URL as early as it can. */
globalThis.startIfWanted = async () => {
  const url = new URLSearchParams(location.search).get("start");
  if (!url) return;
  const request = (await start()) ?? ((...call) => fetch(...call));
  await (await request(url)).text();
  globalThis.started = performance.now();
};

/** Sends requests one after the other. */
globalThis.inTurn = async (url, count) => {
  const start = performance.now();
  for (let i = 0; i < count; i++) await (await send(url)).text();
  return performance.now() - start;
};

/** Sends all requests at once. */
globalThis.atOnce = async (url, count) => {
  const start = performance.now();
  await Promise.all(Array.from({ length: count }, async () => (await send(url)).text()));
  return performance.now() - start;
};

/** Sends all requests at a time of `Date.now()`, and returns the time of the last answer. */
globalThis.atOnceFrom = async (at, url, count) => {
  await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
  await globalThis.atOnce(url, count);
  return performance.timeOrigin + performance.now();
};

globalThis.download = async (url) => {
  const start = performance.now();
  const { body } = await send(url);
  const reader = body.getReader();
  let bytes = 0;
  let firstByte = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    firstByte ||= performance.now() - start;
    bytes += value.length;
  }
  return { firstByte, whole: performance.now() - start, bytes };
};

let body;
globalThis.upload = async (url, bytes) => {
  if (body?.size !== bytes) body = new Blob([new Uint8Array(bytes)]);
  const start = performance.now();
  await (await send(url, { method: "POST", body })).text();
  return performance.now() - start;
};

/** Makes the worker forget its tokens, as the page part does when the account changes. */
globalThis.forget = async () => {
  const { scriptURL } = navigator.serviceWorker.controller;
  const headers = { "bearer-worker": "2", "bearer-worker-forget": "1" };
  await fetch(`${scriptURL.replace(/\?.*/, "")}?bearer-worker=forget`, { method: "HEAD", headers });
};
