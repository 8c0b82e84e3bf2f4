import { REGISTER, type Subject } from "./subject.ts";

/**
 * The least code by which a worker attaches a token: the limit of this approach. The token is a constant in its source.
 * The worker handles no accounts, no expiry and no 401.
 */
export const smallestWorker: Subject = {
  name: "smallest-worker",
  title: "smallest attaching worker",
  attaches: true,
  files: (token) => ({
    "sw.js": `
      addEventListener("fetch", (event) => {
        if (!new URL(event.request.url).pathname.startsWith("/api/")) return;
        const authorized = new Request(event.request);
        authorized.headers.set("Authorization", "Bearer ${token}");
        event.respondWith(fetch(authorized));
      });
      addEventListener("install", () => skipWaiting());
      addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
  }),
  page: REGISTER,
};
