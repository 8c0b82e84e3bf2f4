// @ts-check
import { BODIES } from "./variants-of-bodies.js";
import { ELEMENTS } from "./variants-of-elements.js";
import { FETCHES } from "./variants-of-fetches.js";

/**
 * One request whose every detail matters.
 *
 * @typedef {object} Variant
 * @property {string} name
 * @property {string} path What it asks the API for.
 * @property {true} [unanswered] Whether the page hears nothing of the answer.
 * @property {(url: string) => Promise<unknown>} run Makes the request and gives what the page sees of the answer.
 */

/** @type {readonly Variant[]} */
export const variants = [...FETCHES, ...BODIES, ...ELEMENTS];
