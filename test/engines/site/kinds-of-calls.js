// @ts-check
/** @import { Kind } from "./kinds.js" */

/**
 * Functions that scripts call to make a request.
 *
 * @type {readonly Kind[]}
 */
export const CALLS = [
  {
    name: "`fetch`",
    path: "/media/echo",
    async run(url) {
      const response = await fetch(url);
      if (!response.ok || (await response.json()).method !== "GET")
        throw new Error(`status ${response.status}`);
    },
  },
  {
    name: "`fetch` with a body",
    path: "/media/echo",
    async run(url) {
      const response = await fetch(url, { method: "POST", body: "twelve bytes" });
      const { received } = await response.json();
      if (received?.bytes !== 12) throw new Error("the body got lost");
    },
  },
  {
    name: "`fetch` with `keepalive`",
    path: "/media/echo",
    async run(url) {
      const response = await fetch(url, { method: "POST", keepalive: true, body: "kept alive" });
      if (!response.ok) throw new Error(`status ${response.status}`);
    },
  },
  {
    name: "`fetch` with `keepalive`, while the page is left",
    path: "/media/echo",
    afterwards: "leave",
    async run(url) {
      addEventListener("pagehide", () => void fetch(url, { method: "POST", keepalive: true, body: "bye" }));
    },
  },
  {
    name: "XMLHttpRequest",
    path: "/media/echo",
    run: (url) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("PUT", url);
        request.onloadend = () =>
          request.status === 200 ? resolve(null) : reject(new Error(`status ${request.status}`));
        request.send("a body");
      }),
  },
  {
    name: "XMLHttpRequest, synchronous",
    path: "/media/echo",
    async run(url) {
      const request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.send();
      if (request.status !== 200) throw new Error(`status ${request.status}`);
    },
  },
  {
    name: "EventSource, and its reconnect",
    path: "/media/events?events=1",
    requests: 2,
    run: (url) =>
      new Promise((resolve, reject) => {
        const source = new EventSource(url);
        let events = 0;
        source.onmessage = () => {
          if (++events < 2) return;
          source.close();
          resolve(null);
        };
        source.onerror = () => {
          if (source.readyState === EventSource.CLOSED) reject(new Error("closed"));
        };
      }),
  },
  {
    name: "`sendBeacon`",
    path: "/media/echo",
    async run(url) {
      if (!navigator.sendBeacon(url, "a beacon")) throw new Error("refused");
    },
  },
  {
    name: "`sendBeacon`, while the page is left",
    path: "/media/echo",
    afterwards: "leave",
    async run(url) {
      addEventListener("pagehide", () => void navigator.sendBeacon(url, "bye"));
    },
  },
];
