import { REGISTER, type Subject } from "./subject.ts";

/** A worker whose listener answers no request. Chromium skips listeners with an empty body, so this one has a body. */
export const emptyListener: Subject = {
  name: "empty-listener",
  title: "worker that answers nothing",
  attaches: false,
  files: () => ({
    "sw.js": `
      let heard = 0;
      addEventListener("fetch", () => { heard++; });
      addEventListener("install", () => skipWaiting());
      addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
  }),
  page: REGISTER,
};
