// @ts-check
/** @import { Kind } from "./kinds.js" */
import { settled } from "./settled.js";

/**
 * Requests whose answer becomes a page, or a file of the user's.
 *
 * @type {readonly Kind[]}
 */
export const NAVIGATIONS = [
  {
    name: "`<iframe src>`",
    path: "/media/page",
    origin: "own",
    navigation: true,
    run(url) {
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(frame);
      return shown(url);
    },
  },
  {
    name: "link",
    path: "/media/page",
    origin: "own",
    navigation: true,
    afterwards: "land",
    run: async (url) => void addLink(url),
  },
  {
    name: "link, before any other request",
    path: "/media/page",
    origin: "own",
    navigation: true,
    first: true,
    afterwards: "land",
    run: async (url) => void addLink(url),
  },
  {
    name: "link that opens a new tab",
    path: "/media/page",
    origin: "own",
    navigation: true,
    afterwards: "tab",
    async run(url) {
      addLink(url).target = "_blank";
      follow(shown(url));
    },
  },
  {
    name: "form, `POST`",
    path: "/media/page",
    origin: "own",
    navigation: true,
    afterwards: "land",
    async run(url) {
      const form = document.createElement("form");
      form.method = "post";
      form.action = url;
      const button = document.createElement("button");
      button.id = "act";
      button.textContent = "Send";
      form.append(button);
      document.body.append(form);
    },
  },
  {
    name: "link to an attachment",
    path: "/media/attachment",
    origin: "own",
    navigation: true,
    afterwards: "click",
    async run(url) {
      addLink(url);
      follow(Promise.resolve());
    },
  },
  {
    name: "`<a download>`",
    path: "/media/attachment",
    origin: "own",
    navigation: true,
    afterwards: "click",
    async run(url) {
      addLink(url).download = "protected.html";
      follow(Promise.resolve());
    },
  },
];

/**
 * Sets the promise that `followed()` waits for after the click.
 *
 * @param {Promise<void>} end
 */
function follow(end) {
  Object.assign(globalThis, { followed: () => settled(end) });
}

/** @param {string} url */
function addLink(url) {
  const link = document.createElement("a");
  link.id = "act";
  link.href = url;
  link.textContent = "Follow";
  document.body.append(link);
  return link;
}

/**
 * Waits until the protected page of this URL says that it is there.
 *
 * @param {string} url
 * @returns {Promise<void>}
 */
function shown(url) {
  const { search } = new URL(url, location.href);
  return new Promise((resolve) => {
    const channel = new BroadcastChannel("protected-page");
    channel.onmessage = ({ data }) => {
      if (data.query !== search) return;
      channel.close();
      resolve();
    };
  });
}
