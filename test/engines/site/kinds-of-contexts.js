// @ts-check
/** @import { Kind } from "./kinds.js" */

/**
 * Places other than the page's own window that requests come from.
 *
 * @type {readonly Kind[]}
 */
export const CONTEXTS = [
  {
    name: "`fetch` in a dedicated worker",
    path: "/media/echo",
    run: (url) => fetchedBy(new Worker("/fetching-worker.js"), url),
  },
  {
    name: "`fetch` in a worker made of a blob",
    path: "/media/echo",
    async run(url) {
      const source = await fetch("/fetching-worker.js").then((response) => response.blob());
      await fetchedBy(new Worker(URL.createObjectURL(source)), url);
    },
  },
  {
    name: "`fetch` in a shared worker",
    path: "/media/echo",
    async run(url) {
      const { port } = new SharedWorker("/fetching-worker.js");
      port.start();
      await fetchedBy(port, url);
    },
  },
  {
    name: "`fetch` in an `<iframe>`",
    path: "/media/echo",
    run: (url) => fetchedInFrame({ src: "/left.html" }, url),
  },
  {
    name: "`fetch` in an `<iframe srcdoc>`",
    path: "/media/echo",
    run: (url) => fetchedInFrame({ srcdoc: "<!doctype html><title>Inline</title>" }, url),
  },
  {
    name: "`fetch` in an `<iframe>` without a URL",
    path: "/media/echo",
    run: (url) => fetchedInFrame({}, url),
  },
  {
    name: "script of a dedicated worker",
    path: "/media/worker",
    origin: "own",
    run: (url) => messageFrom(new Worker(url)),
  },
  {
    name: "script of a shared worker",
    path: "/media/shared-worker",
    origin: "own",
    run(url) {
      const worker = new SharedWorker(url);
      worker.port.start();
      return Promise.race([messageFrom(worker.port), failureOf(worker)]);
    },
  },
];

/**
 * @param {Worker | MessagePort} worker
 * @param {string} url
 */
async function fetchedBy(worker, url) {
  worker.postMessage(url);
  const status = await messageFrom(worker);
  if (status !== 200) throw new Error(`status ${String(status)}`);
}

/**
 * @param {Worker | MessagePort} worker
 * @returns {Promise<unknown>}
 */
function messageFrom(worker) {
  const message = new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
  return "terminate" in worker ? Promise.race([message, failureOf(worker)]) : message;
}

/**
 * @param {Worker | SharedWorker} worker
 * @returns {Promise<never>}
 */
function failureOf(worker) {
  return new Promise((_, reject) => (worker.onerror = () => reject(new Error("error event"))));
}

/**
 * @param {{ src?: string, srcdoc?: string }} attributes
 * @param {string} url
 */
async function fetchedInFrame(attributes, url) {
  const frame = Object.assign(document.createElement("iframe"), attributes);
  const shown = new Promise((resolve) => frame.addEventListener("load", resolve));
  document.body.append(frame);
  await shown;
  const { status } = (await frame.contentWindow?.fetch(url)) ?? {};
  if (status !== 200) throw new Error(`status ${status}`);
}
