// @ts-check
/** @import { Call } from "../variant.ts" */
/** @import { Seen, Task } from "./calls.js" */

/** The attribute of each element's URL, if that is not `src`. @type {Record<string, string>} */
const URL_ATTRIBUTES = { link: "href", object: "data" };

/** Errors in scripts, by their URL. The browser hides the details of scripts without CORS. @type {Map<string, string>} */
const errors = new Map();
addEventListener("error", (event) => event.filename && errors.set(event.filename, event.message));

/** @param {Call & { via: "element" }} call @param {Task} task @returns {Promise<Seen>} */
export async function callElement({ tag, attributes = {} }, { url }) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  /** @type {string[]} */
  const events = [];
  const settled = new Promise((resolve) => {
    for (const type of ["load", "error", "loadedmetadata"]) {
      element.addEventListener(type, () => resolve(events.push(type)));
    }
  });
  element.setAttribute(URL_ATTRIBUTES[tag] ?? "src", url);
  document.body.append(element);
  await settled;
  const seen = { event: events.join(), ...detailsOf(element, url) };
  element.remove();
  return seen;
}

/** @param {HTMLElement} element @param {string} url @returns {Seen} */
function detailsOf(element, url) {
  if (element instanceof HTMLImageElement) {
    const { naturalWidth, naturalHeight } = element;
    return {
      size: `${naturalWidth}×${naturalHeight}`,
      pixels: naturalWidth > 0 && arePixelsReadable(element),
    };
  }
  if (element instanceof HTMLScriptElement) {
    return { ran: element.dataset.ran ?? null, message: errors.get(url) ?? null };
  }
  if (element instanceof HTMLLinkElement && element.rel === "stylesheet") {
    return { sheet: element.sheet !== null, rules: areRulesReadable(element) };
  }
  if (element instanceof HTMLIFrameElement)
    return { text: element.contentDocument?.body.textContent ?? null };
  if (element instanceof HTMLMediaElement) return { code: element.error?.code ?? null };
  return {};
}

/** @param {HTMLImageElement} image */
function arePixelsReadable(image) {
  const context = document.createElement("canvas").getContext("2d");
  try {
    context?.drawImage(image, 0, 0);
    context?.getImageData(0, 0, 1, 1);
    return true;
  } catch {
    return false;
  }
}

/** @param {HTMLLinkElement} link */
function areRulesReadable(link) {
  try {
    return link.sheet?.cssRules.length ?? null;
  } catch {
    return false;
  }
}
