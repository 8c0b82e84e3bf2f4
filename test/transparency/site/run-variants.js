// @ts-check
/** @import { Variant } from "../variant.ts" */
/** @import { Seen, Task } from "./calls.js" */
import {
  callBeacon,
  callEventSource,
  callFetch,
  callFont,
  callImport,
  callWorker,
  callXhr,
} from "./calls.js";
import { callElement } from "./elements.js";
import { nameOf } from "./seen.js";

/** As many as a browser's connections to one origin, so that a held request does not block the one that releases it. */
const AT_ONCE = 6;
const PATIENCE = 20_000;

/**
 * Makes the requests of all variants, a few at a time.
 *
 * @param {readonly { id: string, url: string, variant: Variant }[]} variants
 * @param {string} gates the origin of the server's gates
 * @returns {Promise<Seen[]>} the page's result for each
 */
export async function runVariants(variants, gates) {
  performance.setResourceTimingBufferSize(10_000);
  /** @type {Seen[]} */
  const results = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let i = next++; i < variants.length; i = next++) {
        const entry = variants[i];
        if (!entry) continue;
        const at = (/** @type {string} */ gate) => fetch(`${gates}/${gate}/${entry.id}`);
        results[i] = await Promise.race([run({ ...entry, at }), giveUp()]);
      }
    }),
  );
  return results.map((seen, i) => ({
    ...seen,
    ...(hasTiming(variants[i]?.variant.call) && timingOf(variants[i]?.url ?? "")),
  }));
}

/** @param {Task} task @returns {Promise<Seen>} */
async function run(task) {
  const { call, primed } = task.variant;
  try {
    if (primed) await fetch(task.url, { credentials: "include" }).then((response) => response.text());
    switch (call.via) {
      case "fetch":
        return await callFetch(call, task);
      case "XMLHttpRequest":
        return await callXhr(call, task);
      case "element":
        return await callElement(call, task);
      case "EventSource":
        return await callEventSource(call, task);
      case "beacon":
        return await callBeacon(call, task);
      case "worker":
        return await callWorker(call, task);
      case "import":
        return await callImport(task);
      case "font":
        return await callFont(task);
    }
  } catch (error) {
    return { thrown: nameOf(error) };
  }
}

/**
 * A deadline, not a pause: some requests end without any event, with and without a worker.
 *
 * @returns {Promise<Seen>}
 */
const giveUp = () => new Promise((resolve) => setTimeout(() => resolve({ unsettled: true }), PATIENCE));

/**
 * The timeline's entries of streams and of unreadable bodies come at no certain time.
 *
 * @param {Variant["call"] | undefined} call
 */
const hasTiming = (call) =>
  call?.via === "XMLHttpRequest" ||
  call?.via === "element" ||
  (call?.via === "fetch" && call.init?.mode !== "no-cors");

/**
 * The page's timeline entry of a request, without durations.
 *
 * @param {string} url
 */
function timingOf(url) {
  const entries = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByName(url));
  const entry = entries.at(-1);
  return {
    "timeline entries": entries.length,
    ...(entry && {
      "timeline initiatorType": entry.initiatorType,
      "timeline responseStatus": entry.responseStatus,
      "timeline decodedBodySize": entry.decodedBodySize > 0,
      "timeline encodedBodySize": entry.encodedBodySize > 0,
      "timeline compressed": entry.encodedBodySize < entry.decodedBodySize,
      "timeline transferSize": entry.transferSize > 0,
      "timeline nextHopProtocol": entry.nextHopProtocol,
      "timeline contentType": Reflect.get(entry, "contentType"),
      "timeline deliveryType": Reflect.get(entry, "deliveryType"),
      "timeline requestStart": entry.requestStart > 0,
      "timeline redirectStart": entry.redirectStart > 0,
      "timeline workerStart": entry.workerStart > 0,
      "timeline serverTiming": entry.serverTiming.map(({ name, duration }) => `${name} ${duration}`).join(),
    }),
  };
}
