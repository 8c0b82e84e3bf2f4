/** A service worker that knows no tokens, as another script of the site might register one. */
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
