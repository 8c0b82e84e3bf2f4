import { REGISTER, type Subject } from "./subject.ts";

/**
 * The smallest worker that has no token of its own and asks the page for it, each time. It is the limit for workers that
 * keep tokens out of storage, right after the browser has stopped the worker.
 */
export const askingWorker: Subject = {
  name: "asking-worker",
  title: "smallest asking worker",
  attaches: true,
  files: () => ({
    "sw.js": `
      addEventListener("fetch", (event) => {
        if (!new URL(event.request.url).pathname.startsWith("/api/")) return;
        event.respondWith(authorize(event));
      });
      async function authorize({ request, clientId }) {
        const page = await clients.get(clientId);
        const { port1, port2 } = new MessageChannel();
        const token = await new Promise((resolve) => {
          port1.onmessage = ({ data }) => resolve(data);
          page.postMessage("token", [port2]);
        });
        const authorized = new Request(request);
        authorized.headers.set("Authorization", "Bearer " + token);
        return await fetch(authorized);
      }
      addEventListener("install", () => skipWaiting());
      addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
  }),
  page: `
    navigator.serviceWorker.onmessage = ({ ports: [port] }) => port.postMessage(token);
    ${REGISTER}`,
};
