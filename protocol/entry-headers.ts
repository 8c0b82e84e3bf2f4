import { BearerWorkerError } from "./errors.ts";

/** Headers that go out beside a token: names in lower case and in order, each once. */
export type EntryHeaders = readonly (readonly [name: string, value: string])[];

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** Printable ASCII without blanks at its ends. */
const VALUE = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * Names that no map may set. See docs/decisions/0014-headers-of-an-entry.md. The groups: the browser's own part of a request,
 * which scripts cannot set either or which is there before the worker sees it; credentials, since the map stands in a URL; the
 * body's form and the part that is asked for; another method, URL or sender for the server.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
const REFUSED = [
  /^(?:accept|access-control|proxy|sec|service-worker|transfer|upgrade)(?:-|$)/,
  /^(?:connection|date|dnt|expect|host|keep-alive|last-event-id|origin|referer|te|trailer|user-agent|via)$/,
  /auth|cookie|dpop|key|password|secret|signature|token|csrf|xsrf/,
  /^content(?:-|$)|(?:^|-)(?:if-|range$|digest$)/,
  /method|override|forwarded|^destination$|^x-(?:http|original|real|rewrite)-/,
];

/** Whether a map may set this header. */
const maySet = (name: string): boolean =>
  TOKEN.test(name) && !REFUSED.some((refused) => refused.test(name.toLowerCase()));

/** A list without names that no map may set: it comes from a URL or another realm, which a script can have written. */
export const readHeaders = (pairs: readonly unknown[]): EntryHeaders =>
  pairs.filter((pair): pair is readonly [string, string] => {
    if (!Array.isArray(pair) || pair.length !== 2) return false;
    const [name, value] = pair as unknown[];
    return typeof name === "string" && typeof value === "string" && maySet(name) && VALUE.test(value);
  });

/**
 * Checks the headers of an element of a map.
 *
 * @param key for the error, without query
 * @throws BearerWorkerError `invalid_resource_map`
 */
export function checkHeaders(headers: Readonly<Record<string, string>>, key: string): EntryHeaders {
  return Object.entries(headers).map(([name, value]) => {
    const subject = `of the key "${key}" in the option "protectedResourceMap"`;
    if (!maySet(name)) {
      throw new BearerWorkerError(
        "invalid_resource_map",
        `The header "${TOKEN.test(name) ? name : ""}" ${subject} cannot be set by a map. Write a header of the API's own, such as "x-ms-version".`,
      );
    }
    if (!VALUE.test(value)) {
      throw new BearerWorkerError(
        "invalid_resource_map",
        `The header "${name}" ${subject} has a value that cannot be sent. Write printable ASCII without blanks at its ends, such as "2025-01-05".`,
      );
    }
    return [name.toLowerCase(), value];
  });
}

/** One list of several. Of headers with one name the last counts. */
export const mergeHeaders = (lists: readonly EntryHeaders[]): EntryHeaders =>
  [...new Map(lists.flat())].sort(([one], [other]) => (one < other ? -1 : 1));

export const areSameHeaders = (one: EntryHeaders = [], other: EntryHeaders = []): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
