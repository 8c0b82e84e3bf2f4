import { BearerTokenPlugin, registerTokenRoute } from "bearer-worker/sw";
import { precacheAndRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { NetworkFirst, StaleWhileRevalidate } from "workbox-strategies";

importScripts("/demo-config.js", "/protected-resources.js");

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open("configuration").then((cache) => cache.add("/demo-config.js")));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

precacheAndRoute(self.__WB_MANIFEST);
registerRoute(
  ({ url }) => url.pathname === "/demo-config.js",
  new StaleWhileRevalidate({ cacheName: "configuration" }),
);

// Orders and the photo can be read offline. They are fetched with a token, and deleted when the user signs out.
const tokens = new BearerTokenPlugin({ protectedResourceMap });
const personal = new NetworkFirst({ cacheName: "personal", plugins: [tokens] });
registerRoute(({ url }) => url.pathname === "/api/orders" || url.pathname === "/media/photo", personal);

// All other protected requests are sent with a token, and their responses are not kept.
registerTokenRoute({ protectedResourceMap });
