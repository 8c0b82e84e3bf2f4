// @ts-check
/** @import { Call, Variant } from "../variant.ts" */
import { bodies } from "./bodies.js";
import { describe, headOf, nameOf } from "./seen.js";

/**
 * @typedef {object} Task
 * @property {string} url
 * @property {Variant} variant
 * @property {(gate: "received" | "release" | "ended") => Promise<unknown>} at Waits at one of the server's gates.
 */

/** @typedef {Record<string, unknown>} Seen */

/** @param {Call & { via: "fetch" }} call @param {Task} task @returns {Promise<Seen>} */
export async function callFetch({ init, headers = [], body, clone, stream, abort }, { url, variant, at }) {
  const controller = new AbortController();
  if (abort === "at once") controller.abort();
  /** @type {Seen} */
  const seen = {};
  try {
    const sent = fetch(url, {
      ...init,
      headers: headers.map(([name, value]) => [name, value]),
      ...(body && { body: bodies[body]?.() ?? null }),
      signal: controller.signal,
    });
    if (abort === "before headers") void at("received").then(() => controller.abort());
    const response = await sent;
    Object.assign(seen, headOf(response));
    if (variant.answer.pace?.startsWith("break")) await at("release");
    if (abort === "after headers") controller.abort();
    if (stream) {
      const reader = response.clone().body?.getReader();
      seen.firstPiece = ((await reader?.read())?.value?.length ?? 0) > 0;
      await Promise.all([at("release"), reader?.cancel()]);
    }
    seen.body = await describe(await (clone ? response.clone() : response).arrayBuffer());
    seen.bodyUsed = response.bodyUsed;
  } catch (error) {
    seen.error = nameOf(error);
  }
  if (abort && abort !== "at once") await at("ended");
  return seen;
}

/** @param {Call & { via: "XMLHttpRequest" }} call @param {Task} task @returns {Promise<Seen>} */
export async function callXhr(call, { url, variant, at }) {
  const { method = "GET", headers = [], body, responseType = "", timeout = 0, abort } = call;
  const xhr = new XMLHttpRequest();
  /** In the order of their first occurrence, since the network decides how often there is progress. */
  const events = new Set();
  const note = (/** @type {string} */ target) => (/** @type {Event} */ event) => {
    const state = event.type === "readystatechange" ? ` ${xhr.readyState}` : "";
    const ends = /^(?:load|abort|error|timeout)$/.test(event.type) && event instanceof ProgressEvent;
    events.add(`${target}${event.type}${state}${ends ? ` ${event.loaded}/${event.total}` : ""}`);
  };
  for (const type of ["loadstart", "progress", "load", "error", "abort", "timeout", "loadend"]) {
    xhr.addEventListener(type, note(""));
    if (call.observeUpload) xhr.upload.addEventListener(type, note("upload "));
  }
  xhr.addEventListener("readystatechange", note(""));
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== XMLHttpRequest.HEADERS_RECEIVED) return;
    if (variant.answer.pace?.startsWith("break")) void at("release");
    if (abort === "after headers") xhr.abort();
  });
  // Added after the other listeners, so that they have noted the last event.
  const ended = new Promise((resolve) => xhr.addEventListener("loadend", resolve));
  xhr.open(method, url);
  xhr.responseType = responseType;
  xhr.timeout = timeout;
  xhr.withCredentials = call.withCredentials ?? false;
  if (call.overrideMimeType) xhr.overrideMimeType(call.overrideMimeType);
  for (const [name, value] of headers) xhr.setRequestHeader(name, value);
  xhr.send(/** @type {XMLHttpRequestBodyInit | null} */ (body ? bodies[body]?.() : null));
  if (abort === "before headers") void at("received").then(() => xhr.abort());
  await ended;
  if (abort || variant.answer.pace?.startsWith("hold")) await at("ended");

  const { status, statusText, responseURL, response } = xhr;
  return {
    status,
    statusText,
    responseURL,
    headers: xhr.getAllResponseHeaders(),
    body: await describeResponse(response),
    events: [...events].filter((event) => !event.startsWith("upload")).join(", "),
    "upload events": [...events].filter((event) => event.startsWith("upload")).join(", "),
  };
}

/** @param {Call & { via: "EventSource" }} call @param {Task} task @returns {Promise<Seen>} */
export async function callEventSource({ withCredentials, messages }, { url }) {
  const source = new EventSource(url, { withCredentials: withCredentials === true });
  /** @type {string[]} */
  const events = [];
  let left = messages;
  await new Promise((resolve) => {
    const note = (/** @type {Event} */ event) => {
      events.push(
        event instanceof MessageEvent
          ? `${event.type} ${event.data} after ${event.lastEventId} from ${event.origin}`
          : `${event.type} ${source.readyState}`,
      );
      if (event instanceof MessageEvent ? --left === 0 : source.readyState === EventSource.CLOSED) resolve(0);
    };
    for (const type of ["open", "message", "own", "error"]) source.addEventListener(type, note);
  });
  source.close();
  return { url: source.url, events: events.join(", ") };
}

/** @param {Call & { via: "beacon" }} call @param {Task} task @returns {Promise<Seen>} */
export async function callBeacon({ body }, { url, at }) {
  const queued = navigator.sendBeacon(url, bodies[body]?.());
  if (queued) await at("received");
  return { queued };
}

/** @param {Call & { via: "worker" }} call @param {Task} task @returns {Promise<Seen>} */
export async function callWorker({ type }, { url }) {
  const worker = new Worker(url, { type });
  const said = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve(`error ${message}`);
  });
  worker.terminate();
  return { said };
}

/** @param {Task} task @returns {Promise<Seen>} */
export const callImport = ({ url }) =>
  import(url).then(
    (/** @type {object} */ module) => ({ exports: Object.keys(module).join() }),
    (error) => ({ error: nameOf(error) }),
  );

/** @param {Task} task @returns {Promise<Seen>} */
export const callFont = ({ url }) =>
  new FontFace("variant", `url("${url}")`).load().then(
    () => ({ loaded: true }),
    (error) => ({ error: nameOf(error) }),
  );

/** @param {unknown} response @returns {Promise<unknown>} */
async function describeResponse(response) {
  if (response instanceof ArrayBuffer) return await describe(response);
  if (response instanceof Blob) return `${response.type}, ${await describe(await response.arrayBuffer())}`;
  if (response instanceof Document) return `${response.URL}, ${response.documentElement.outerHTML}`;
  if (typeof response === "string") return await describe(new TextEncoder().encode(response).buffer);
  return JSON.stringify(response);
}
