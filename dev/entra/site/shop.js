/** The requests of the demo where it signs in to a real tenant: as in public/shop.js, none knows of tokens. */

const { resource, photo } = demoConfig;

export const requests = [
  {
    name: "read",
    title: "Read",
    target: `GET ${resource}`,
    send: () => fetch(demoConfig.resource),
  },
  ...(photo
    ? [
        {
          name: "photo",
          title: "Picture",
          note: "Who never set a photo has none: Graph answers 404.",
          target: `GET ${photo}`,
          element: () => Object.assign(new Image(240, 240), { alt: "Portrait of the signed-in user" }),
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
    title: "XMLHttpRequest",
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
    title: "Web worker",
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
    title: "Not in the map",
    note: "The worker lets it pass untouched.",
    target: "GET /favicon.svg",
    send: () => fetch("/favicon.svg"),
  },
];
