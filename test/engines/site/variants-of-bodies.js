// @ts-check
/** @import { Variant } from "./variants.js" */
import { seen } from "./seen.js";

const TEXT = "a body, caf\u00e9";
const BYTES = new Uint8Array([0, 1, 2, 253, 254, 255]);

/** @type {Record<string, () => XMLHttpRequestBodyInit>} */
const BODIES_BY_NAME = {
  "an empty text": () => "",
  "a text": () => TEXT,
  "a Blob": () => new Blob([TEXT], { type: "application/vnd.example" }),
  "a Blob without a type": () => new Blob([TEXT]),
  "an ArrayBuffer": () => BYTES.buffer,
  "a typed array": () => BYTES.subarray(1, 4),
  URLSearchParams: () => new URLSearchParams({ name: "caf\u00e9", other: "a b" }),
  FormData: form,
};

/**
 * Bodies of each type, by each way to send them.
 *
 * @type {readonly Variant[]}
 */
export const BODIES = Object.entries(BODIES_BY_NAME).flatMap(([name, body]) => [
  {
    name: `\`fetch\` with a body: ${name}`,
    path: "/media/echo",
    run: (/** @type {string} */ url) => seen(fetch(url, { method: "POST", body: body() })),
  },
  {
    name: `XMLHttpRequest with a body: ${name}`,
    path: "/media/echo",
    run: (/** @type {string} */ url) => sent(url, body()),
  },
  {
    name: `\`sendBeacon\`: ${name}`,
    path: "/media/echo",
    unanswered: true,
    run: async (/** @type {string} */ url) => navigator.sendBeacon(url, body()),
  },
]);

function form() {
  const data = new FormData();
  data.set("field", "value");
  data.set("file", new File([BYTES], "bytes.bin", { type: "application/octet-stream" }));
  return data;
}

/**
 * @param {string} url
 * @param {XMLHttpRequestBodyInit} body
 */
function sent(url, body) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    /** @type {string[]} */
    const events = [];
    for (const type of ["loadstart", "progress", "load", "loadend"]) {
      request.upload.addEventListener(type, () => void (events.includes(type) || events.push(type)));
    }
    request.open("POST", url);
    request.setRequestHeader("X-Example", "of a request");
    request.onloadend = () => {
      const { status, responseURL, response } = request;
      resolve({
        status,
        path: responseURL && new URL(responseURL).pathname,
        response,
        events: events.join(),
      });
    };
    request.send(body);
  });
}
