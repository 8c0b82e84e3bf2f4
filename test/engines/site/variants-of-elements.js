// @ts-check
/** @import { Variant } from "./variants.js" */

/**
 * Requests of elements and of callers other than `fetch`.
 *
 * @type {readonly Variant[]}
 */
export const ELEMENTS = [
  element("`<img>`", "/media/photo", () => new Image(), "src"),
  element("`<img crossorigin>`: anonymous", "/media/photo", () => image({ crossOrigin: "anonymous" }), "src"),
  element(
    "`<img crossorigin>`: use-credentials",
    "/media/photo",
    () => image({ crossOrigin: "use-credentials" }),
    "src",
  ),
  element("`<img>`: referrerpolicy", "/media/photo", () => image({ referrerPolicy: "no-referrer" }), "src"),
  element("`<script>`", "/media/script", () => document.createElement("script"), "src"),
  element("`<script type=module>`", "/media/module", () => script({ type: "module" }), "src"),
  element(
    "stylesheet",
    "/media/stylesheet",
    () => Object.assign(document.createElement("link"), { rel: "stylesheet" }),
    "href",
  ),
  element("`<iframe>`", "/media/page", () => document.createElement("iframe"), "src"),
  element("`<video>`", "/media/clip", () => document.createElement("video"), "src", "loadedmetadata"),
  element("`<video crossorigin>`", "/media/clip", crossOriginVideo, "src", "loadedmetadata"),
  {
    name: "font",
    path: "/media/font",
    run: (url) =>
      new FontFace("Protected", `url("${url}")`).load().then(
        ({ status }) => status,
        ({ name }) => name,
      ),
  },
  {
    name: "`import()`",
    path: "/media/module",
    run: (url) =>
      import(url).then(
        (module) => Object.keys(module),
        ({ name }) => name,
      ),
  },
  {
    name: "XMLHttpRequest with credentials",
    path: "/media/echo",
    run: (url) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open("GET", url);
        request.withCredentials = true;
        request.responseType = "json";
        request.onloadend = () => resolve({ status: request.status, response: request.response });
        request.send();
      }),
  },
  {
    name: "EventSource: with credentials",
    path: "/media/events",
    run: (url) =>
      new Promise((resolve) => {
        const source = new EventSource(url, { withCredentials: true });
        source.onmessage = ({ lastEventId, origin }) => {
          source.close();
          resolve({ lastEventId, own: origin === location.origin });
        };
      }),
  },
  {
    name: "EventSource: after a reconnect",
    path: "/media/events?events=1",
    run: (url) =>
      new Promise((resolve) => {
        const source = new EventSource(url);
        /** @type {string[]} */
        const ids = [];
        source.onmessage = ({ lastEventId }) => {
          if (ids.push(lastEventId) < 2) return;
          source.close();
          resolve(ids);
        };
      }),
  },
  {
    name: "`fetch` in a dedicated worker",
    path: "/media/echo",
    run: (url) =>
      new Promise((resolve) => {
        const worker = new Worker("/fetching-worker.js");
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage(url);
      }),
  },
];

/** @param {Partial<HTMLImageElement>} attributes */
function image(attributes) {
  return Object.assign(new Image(), attributes);
}

/** @param {Partial<HTMLScriptElement>} attributes */
function script(attributes) {
  return Object.assign(document.createElement("script"), attributes);
}

function crossOriginVideo() {
  return Object.assign(document.createElement("video"), { crossOrigin: "anonymous" });
}

/**
 * @param {string} name
 * @param {string} path
 * @param {() => HTMLElement} create
 * @param {"src" | "href"} attribute
 * @param {string} [event] The one that says it is there.
 * @returns {Variant}
 */
function element(name, path, create, attribute, event = "load") {
  return {
    name,
    path,
    run: (url) =>
      new Promise((resolve) => {
        const node = create();
        node.addEventListener(event, () => resolve(event));
        node.addEventListener("error", () => resolve("error"));
        node.setAttribute(attribute, url);
        document.body.append(node);
      }),
  };
}
