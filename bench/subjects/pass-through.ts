import { REGISTER, type Subject } from "./subject.ts";

/** The worker of many tutorials: it answers every request with the network's response. */
export const passThrough: Subject = {
  name: "pass-through",
  title: "worker that passes all through",
  attaches: false,
  files: () => ({
    "sw.js": `
      addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));
      addEventListener("install", () => skipWaiting());
      addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
  }),
  page: REGISTER,
};
