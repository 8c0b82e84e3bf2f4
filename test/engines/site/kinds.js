// @ts-check
import { CONTEXTS } from "./kinds-of-contexts.js";
import { ELEMENTS } from "./kinds-of-elements.js";
import { NAVIGATIONS } from "./kinds-of-navigations.js";
import { CALLS } from "./kinds-of-calls.js";

/**
 * One way in which a page can make a request.
 *
 * @typedef {object} Kind
 * @property {string} name As the table of the README has it.
 * @property {string} path What it asks the API for.
 * @property {(url: string) => Promise<unknown>} run Makes the request; rejects unless the page gets what it can use.
 * @property {"own"} [origin] Where the kind exists on the page's own origin alone.
 * @property {number} [requests] How many there have to be at least, 1 by default.
 * @property {true} [ranges] Whether parts are asked for.
 * @property {"leave" | "click" | "tab" | "land"} [afterwards] What the user has to do for it after `run`: leave the page, click on
 * `#act`, or click on it and stay on the page that it leads to.
 * @property {true} [navigation] Whether it needs the option `navigations`.
 * @property {true} [first] Whether neither worker nor MSAL has a token for it yet.
 */

/** @type {readonly Kind[]} */
export const kinds = [...CALLS, ...ELEMENTS, ...CONTEXTS, ...NAVIGATIONS];
