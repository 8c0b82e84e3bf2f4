// @ts-check
import { BODIES } from "./variants-of-bodies.js";
import { ELEMENTS } from "./variants-of-elements.js";
import { FETCHES } from "./variants-of-fetches.js";

/**
 * One request whose every detail matters.
 *
 * @typedef {object} Variant
 * @property {string} name
 * @property {string} path The API's resource.
 * @property {true} [unanswered] Whether the page cannot see the answer.
 * @property {(url: string) => Promise<unknown>} run Makes the request. Resolves to the answer as the page sees it.
 */

/** @type {readonly Variant[]} */
export const variants = [...FETCHES, ...BODIES, ...ELEMENTS];
