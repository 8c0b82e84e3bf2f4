import { REGISTER, type Subject } from "./subject.ts";

/** A worker that hears of every request and answers none. Chromium knows listeners with an empty body, so this has one. */
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
