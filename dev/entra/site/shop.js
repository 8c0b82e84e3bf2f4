/** The requests of the demo that signs in to a real tenant. As in public/shop.js, no request handles tokens. */

const { resource, photo } = demoConfig;

export const requests = [
  {
    name: "read",
    target: `GET ${resource}`,
    send: () => fetch(demoConfig.resource),
  },
  ...(photo
    ? [
        {
          name: "photo",
          note: "note.own-photo",
          target: `GET ${photo}`,
          element: () => document.querySelector("#photo").content.firstElementChild.cloneNode(true),
          settles: "load",
          send(image) {
            image.src = `${demoConfig.photo}?${Date.now()}`;
            return image;
          },
        },
      ]
    : []),
  {
    name: "xhr",
    target: `GET ${resource}`,
    settles: "load",
    send() {
      const request = new XMLHttpRequest();
      request.open("GET", demoConfig.resource);
      request.send();
      return request;
    },
  },
  {
    name: "web-worker",
    target: `GET ${resource}`,
    settles: "message",
    send() {
      const worker = new Worker("/stock-worker.js");
      worker.postMessage(demoConfig.resource);
      return worker;
    },
  },
  {
    name: "elsewhere",
    target: "GET /favicon.svg",
    send: () => fetch("/favicon.svg"),
  },
];
