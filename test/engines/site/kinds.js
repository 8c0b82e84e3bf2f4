// @ts-check
import { CONTEXTS } from "./kinds-of-contexts.js";
import { ELEMENTS } from "./kinds-of-elements.js";
import { NAVIGATIONS } from "./kinds-of-navigations.js";
import { CALLS } from "./kinds-of-calls.js";

/**
 * One way in which a page can make a request.
 *
 * @typedef {object} Kind
 * @property {string} name The row of the table in docs/engines.md.
 * @property {string} path The API's resource.
 * @property {(url: string) => Promise<unknown>} run Makes the request. Rejects unless the page can use the answer.
 * @property {"own"} [origin] If the kind exists on the page's own origin alone.
 * @property {number} [requests] The least number of requests, 1 by default.
 * @property {true} [ranges] Whether the browser requests ranges.
 * @property {"leave" | "click" | "tab" | "land"} [afterwards] The user's action after `run`: leave the page, click on
 * `#act`, or click on it and stay on the page that it leads to.
 * @property {true} [navigation] Whether it needs the option `navigations`.
 * @property {true} [first] Whether neither worker nor MSAL has a token for it yet.
 */

/** @type {readonly Kind[]} */
export const kinds = [...CALLS, ...ELEMENTS, ...CONTEXTS, ...NAVIGATIONS];
