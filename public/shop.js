import { timeOfDay, write } from "./texts.js";

/** The site's own requests, as any site makes them. They handle no tokens. The page shows the source of these functions. */

const { apiOrigin: api } = demoConfig;

/**
 * `send` returns a response, or an object that fires the event `settles` when the request has succeeded, or `error`. It
 * gets the element that `element` creates, if the request has something to show. `end` ends the request. A `special`
 * request has an outcome of its own, and is not sent with "all".
 */
export const requests = [
  {
    name: "orders",
    target: "GET /api/orders",
    send: () => fetch("/api/orders"),
  },
  {
    name: "new-order",
    target: "POST /api/orders",
    send: () => fetch("/api/orders", { method: "POST", body: "1 abacus" }),
  },
  {
    name: "photo",
    target: `GET ${api}/media/photo?v=`,
    element: () => document.querySelector("#photo").content.firstElementChild.cloneNode(true),
    settles: "load",
    send(image) {
      image.src = `${api}/media/photo?v=${Date.now()}`;
      return image;
    },
  },
  {
    name: "video",
    target: `GET ${api}/media/clip?v=`,
    element: () => document.querySelector("#clip").content.firstElementChild.cloneNode(true),
    settles: "loadeddata",
    send(video) {
      video.src = `${api}/media/clip?v=${Date.now()}`;
      return video;
    },
  },
  {
    name: "stream",
    target: `GET ${api}/media/events`,
    element: () => document.createElement("p"),
    settles: "open",
    end: (ticker) => ticker.events?.close(),
    send: (ticker) => follow(ticker, new EventSource(`${api}/media/events`)),
  },
  {
    name: "web-worker",
    target: "GET /api/orders?from=worker",
    settles: "message",
    send() {
      const worker = new Worker("/stock-worker.js");
      worker.postMessage("/api/orders?from=worker");
      return worker;
    },
  },
  {
    name: "xhr",
    target: "GET /api/orders?sort=total",
    settles: "load",
    send() {
      const request = new XMLHttpRequest();
      request.open("GET", "/api/orders?sort=total");
      request.send();
      return request;
    },
  },
  {
    name: "report",
    target: "GET /api/orders/report.csv",
    element: () => Object.assign(document.createElement("a"), { download: "orders.csv" }),
    send: (link) => offer(link, fetch("/api/orders/report.csv")),
  },
  {
    name: "approvals",
    target: "GET /api/orders/approvals",
    special: true,
    send: () => fetch("/api/orders/approvals"),
  },
  {
    name: "own-header",
    target: "GET /api/orders?as=myself",
    special: true,
    send: () => fetch("/api/orders?as=myself", { headers: { Authorization: "Bearer mine" } }),
  },
  {
    name: "health",
    target: "GET /api/health",
    send: () => fetch("/api/health"),
  },
  {
    name: "elsewhere",
    target: "GET /favicon.svg",
    send: () => fetch("/favicon.svg"),
  },
];

function follow(ticker, events) {
  ticker.events?.close();
  ticker.events = events;
  events.onmessage = ({ data }) => {
    const { number, at } = JSON.parse(data);
    write(ticker, "event", { number, time: timeOfDay(new Date(at)) });
  };
  return events;
}

async function offer(link, request) {
  const response = await request;
  if (!response.ok) return response;
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(await response.blob());
  write(link, "save", { file: link.download });
  return response;
}
