/** A service worker that knows no tokens, as another script of the site might register one. It takes the open pages at once. */
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
