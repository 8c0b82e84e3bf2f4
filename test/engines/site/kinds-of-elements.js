// @ts-check
/** @import { Kind } from "./kinds.js" */

/**
 * Elements that load something by themselves.
 *
 * @type {readonly Kind[]}
 */
export const ELEMENTS = [
  {
    name: "`<img>`",
    path: "/media/photo",
    run: (url) => loaded(Object.assign(new Image(), { src: url })),
  },
  {
    name: "CSS background",
    path: "/media/photo",
    async run(url) {
      const box = document.createElement("div");
      box.style.cssText = `width: 10px; height: 10px; background: url("${url}")`;
      document.body.append(box);
      await backgroundDrawn(url);
    },
  },
  {
    name: "`<video>`, and seeking in it",
    path: "/media/clip",
    run: (url) => seeked(media("video", url)),
  },
  {
    name: "`<video crossorigin>`",
    path: "/media/clip",
    run: (url) => seeked(media("video", url, "anonymous")),
  },
  {
    name: "`<audio>`, and seeking in it",
    path: "/media/tone",
    ranges: true,
    requests: 2,
    run: (url) => seeked(media("audio", url)),
  },
  {
    name: "`<audio crossorigin>`",
    path: "/media/tone",
    ranges: true,
    requests: 2,
    run: (url) => seeked(media("audio", url, "anonymous")),
  },
  {
    name: "`<track>`",
    path: "/media/captions",
    async run(url) {
      const video = document.createElement("video");
      video.crossOrigin = "anonymous";
      const track = document.createElement("track");
      track.default = true;
      track.src = url;
      video.append(track);
      document.body.append(video);
      track.track.mode = "showing";
      await loaded(track);
      if (track.track.cues?.length !== 1) throw new Error("no captions");
    },
  },
  {
    name: "`<script>`",
    path: "/media/script",
    async run(url) {
      const script = document.createElement("script");
      script.src = url;
      document.body.append(script);
      await loaded(script);
      if (!("protectedScript" in globalThis)) throw new Error("not run");
      Reflect.deleteProperty(globalThis, "protectedScript");
    },
  },
  {
    name: "`<script type=module>`",
    path: "/media/module",
    async run(url) {
      const script = document.createElement("script");
      script.type = "module";
      script.src = url;
      document.body.append(script);
      await loaded(script);
    },
  },
  {
    name: "`import()`",
    path: "/media/module",
    async run(url) {
      if (!(await import(url)).default.user) throw new Error("another module");
    },
  },
  {
    name: "stylesheet",
    path: "/media/stylesheet",
    async run(url) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = url;
      document.body.append(link);
      await loaded(link);
      const box = document.createElement("div");
      box.className = "protected";
      document.body.append(box);
      if (getComputedStyle(box).width !== "17px") throw new Error("not applied");
    },
  },
  {
    name: "font",
    path: "/media/font",
    async run(url) {
      const font = new FontFace("Protected", `url("${url}")`);
      await font.load();
      if (font.status !== "loaded") throw new Error(font.status);
    },
  },
  {
    name: "`<link rel=preload as=fetch>`",
    path: "/media/echo",
    async run(url) {
      const link = document.createElement("link");
      Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: url });
      document.body.append(link);
      await loaded(link);
    },
  },
  {
    name: "`<object>`, `<embed>`",
    path: "/media/page",
    async run(url) {
      const object = document.createElement("object");
      object.type = "text/html";
      object.data = url;
      document.body.append(object);
      await loaded(object);
    },
  },
];

/**
 * @param {HTMLElement} element
 * @returns {Promise<void>}
 */
function loaded(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", () => reject(new Error("error event")));
  });
}

/**
 * @param {"audio" | "video"} name
 * @param {string} url
 * @param {string} [crossOrigin]
 */
function media(name, url, crossOrigin) {
  const element = document.createElement(name);
  if (crossOrigin !== undefined) element.crossOrigin = crossOrigin;
  element.muted = true;
  element.preload = "auto";
  element.src = url;
  document.body.append(element);
  return element;
}

/**
 * Goes to the end of a video or sound, which no player has loaded yet when it knows the length.
 *
 * @param {HTMLMediaElement} element
 * @returns {Promise<void>}
 */
function seeked(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("loadedmetadata", () => (element.currentTime = element.duration * 0.9));
    element.addEventListener("seeked", () => {
      if (element.currentTime > 0) resolve();
      else reject(new Error("not at the place"));
    });
    element.addEventListener("error", () => reject(new Error("error event")));
  });
}

/** @param {string} url */
async function backgroundDrawn(url) {
  const seen = () => performance.getEntriesByName(url).some((entry) => entry.entryType === "resource");
  while (!seen()) await new Promise((resolve) => requestAnimationFrame(resolve));
}
