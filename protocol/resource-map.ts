import { checkHeaders, type EntryHeaders, mergeHeaders, readHeaders } from "./entry-headers.ts";
import { BearerWorkerError } from "./errors.ts";
import { parseResourceKey } from "./resource-key.ts";
import type { BoundTokenType } from "./token-type.ts";

/** Scopes for one HTTP method of a protected resource, or for all. */
export interface ProtectedResourceScopes {
  /** Default: all methods. */
  readonly httpMethod?: string;
  /** `null` leaves the method unprotected. */
  readonly scopes: readonly string[] | null;
  /**
   * Headers that go out together with a token, such as `{ "x-ms-version": "2025-01-05" }`. A header that the caller has set
   * stays as it is. They are not for secrets, and some names are refused: see
   * docs/recipes.md#a-header-that-an-api-wants.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** `"DPoP"`: the token is bound to a key, and each request carries a proof. Default: a bearer token. */
  readonly tokenType?: BoundTokenType;
}

/** The value of a key. `null` leaves the resource unprotected, whatever a later key says. One element needs no list. */
export type ProtectedResourceValue =
  readonly (string | ProtectedResourceScopes)[] | ProtectedResourceScopes | null;

/**
 * Protected resources and the scopes that their access tokens need: msal-angular's `protectedResourceMap`, matched
 * strictly. Keys are absolute URLs, or relative to the document; `*` stands for any characters in path, query and
 * fragment, and for part of one label in the host. Keys are asked in order, the first that has scopes for the
 * request's method wins.
 */
export type ProtectedResourceMap =
  ReadonlyMap<string, ProtectedResourceValue> | { readonly [key: string]: ProtectedResourceValue };

/** The scopes that one key of the map asks for with one HTTP method. */
export interface ResourceEntry {
  /** An absolute URL, as the URL parser writes it. */
  readonly key: string;
  /** In upper case; `null` stands for every method that no entry before it names for that key. */
  readonly method: string | null;
  /** `null` leaves the resource unprotected. */
  readonly scopes: readonly string[] | null;
  /** Left out where there are none. */
  readonly headers?: EntryHeaders | undefined;
  /** Left out for bearer tokens. */
  readonly tokenType?: BoundTokenType;
}

/**
 * Checks a map and resolves it against a document's URL.
 *
 * @throws BearerWorkerError `invalid_resource_map`, naming the key and the fix
 */
export const resolveResourceMap = (map: ProtectedResourceMap, base: string): ResourceEntry[] =>
  entriesOf(map).flatMap(([key, given]) => {
    const url = parseResourceKey(String(key), base);
    const value = snapshot(given);
    const elements = isValue(value) ? elementsOf(value, url) : null;
    if (elements) return entriesByMethod(url.href, elements);
    throw new BearerWorkerError(
      "invalid_resource_map",
      `The key "${shown(url)}" of the option "protectedResourceMap" has a value that is no list of scopes. Write a list such as ["User.Read"], a list of { httpMethod, scopes, headers }, or null to leave the resource unprotected. The only "tokenType" is "DPoP".`,
    );
  });

/** A map's entries as a text. Two maps with the same text decide every request alike. */
export const mapText = (entries: readonly ResourceEntry[]): string =>
  JSON.stringify(
    entries.map(({ key, method, scopes, headers, tokenType }) => [
      key,
      method,
      scopes,
      ...((headers ?? tokenType) ? [headers ?? []] : []),
      ...(tokenType ? [tokenType] : []),
    ]),
  );

/** Reads a map's text. It comes from another realm of the origin, so a text that is none has no entries. */
export function readMapText(text: string): ResourceEntry[] {
  const entries = parsedList(text);
  return entries.flatMap((entry) => {
    const [key, method, scopes, headers, tokenType] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const isMethod = method === null || typeof method === "string";
    const isListOfScopes = scopes === null || (Array.isArray(scopes) && scopes.every(isScope));
    if (typeof key !== "string" || !isMethod || !isListOfScopes || !isTokenType(tokenType)) return [];
    const read = withHeaders(readHeaders(Array.isArray(headers) ? headers : []));
    return [{ key, method, scopes, ...read, ...(tokenType && { tokenType }) }];
  });
}

/** The field of an entry. An entry without headers has none. */
export const withHeaders = (headers: EntryHeaders): Pick<ResourceEntry, "headers"> =>
  headers.length > 0 ? { headers } : {};

function parsedList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

const entriesOf = (map: ProtectedResourceMap): (readonly [string, unknown])[] =>
  map instanceof Map ? [...map] : Object.entries(map);

/** One element of a key's value. */
interface Element extends Pick<ResourceEntry, "method" | "scopes"> {
  readonly tokenType?: BoundTokenType | undefined;
  readonly headers: EntryHeaders;
}

/** @throws BearerWorkerError `invalid_resource_map` for headers that cannot be set */
const elementsOf = (value: ProtectedResourceValue, url: URL): Element[] =>
  listOf(value ?? { scopes: null }).map((element) => {
    if (typeof element === "string") return { method: null, scopes: [element], headers: [] };
    const { httpMethod, scopes, headers = {}, tokenType } = element;
    const method = httpMethod?.toUpperCase() ?? null;
    return { method, scopes, headers: checkHeaders(headers, shown(url)), tokenType };
  });

/** Entries for single methods come first, the one for all other methods last. */
function entriesByMethod(key: string, elements: readonly Element[]): ResourceEntry[] {
  const methods = new Set(elements.flatMap(({ method }) => method ?? []));
  return [...methods, null].flatMap((method) => {
    const fitting = elements.filter((element) => element.method === null || element.method === method);
    if (fitting.some(({ scopes }) => scopes === null)) return { key, method, scopes: null };
    const scopes = fitting.flatMap((element) => element.scopes ?? []);
    // A header of the method's own counts more than one of all methods.
    const byWeight = [...fitting].sort((one, other) => Number(!!one.method) - Number(!!other.method));
    const headers = mergeHeaders(byWeight.map((element) => element.headers));
    // One element that asks for a bound token decides: no other may weaken it.
    const tokenType = fitting.find((element) => element.tokenType)?.tokenType;
    return scopes.length > 0
      ? { key, method, scopes, ...withHeaders(headers), ...(tokenType && { tokenType }) }
      : [];
  });
}

const listOf = <Item>(value: readonly Item[] | Item): readonly Item[] =>
  Array.isArray(value) ? (value as readonly Item[]) : [value as Item];

/** A key in an error. A query may hold anything. */
const shown = ({ origin, pathname }: URL): string => origin + pathname;

/**
 * A copy of a value: a getter or a proxy could say something else after it was checked. `undefined` for a value that JSON
 * cannot hold.
 */
function snapshot(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return undefined;
  }
}

const isValue = (value: unknown): value is ProtectedResourceValue =>
  value === null ||
  (Array.isArray(value)
    ? value.every((element) => isScope(element) || isElement(element))
    : isElement(value));

function isElement(element: unknown): element is ProtectedResourceScopes {
  if (!isObject(element)) return false;
  const { httpMethod, scopes, headers, tokenType } = element as Partial<ProtectedResourceScopes>;
  const isListOfScopes = scopes === null || (Array.isArray(scopes) && scopes.every(isScope));
  const areHeaders =
    headers === undefined || (isObject(headers) && Object.values(headers).every((text) => isText(text)));
  const isMethod = httpMethod === undefined || isScope(httpMethod);
  return isMethod && isListOfScopes && areHeaders && isTokenType(tokenType);
}

const isTokenType = (value: unknown): value is BoundTokenType | undefined =>
  value === undefined || value === "DPoP";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";

/** Printable ASCII without space, quote and backslash. @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
const isScope = (text: unknown): text is string => isText(text) && /^[!#-[\]-~]+$/.test(text);
