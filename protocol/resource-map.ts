import { BearerWorkerError } from "./errors.ts";
import { parseResourceKey } from "./resource-key.ts";

/** The type of an access token that is bound to a key. @see https://www.rfc-editor.org/rfc/rfc9449 */
export type BoundTokenType = "DPoP";

/** Scopes of a protected resource, for one HTTP method or for all. `null` leaves it unprotected. */
export interface ProtectedResourceScopes {
  /** Default: every method. */
  readonly httpMethod?: string;
  readonly scopes: readonly string[] | null;
  /** `"DPoP"`: the token is bound to a key, and each request carries a proof. Default: a bearer token. */
  readonly tokenType?: BoundTokenType;
}

/** The value of a key. `null` leaves the resource unprotected, whatever a later key says. */
export type ProtectedResourceValue = readonly (string | ProtectedResourceScopes)[] | null;

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
    if (isValue(value)) return entriesByMethod(url.href, value);
    throw new BearerWorkerError(
      "invalid_resource_map",
      `The key "${url.origin}${url.pathname}" of the option "protectedResourceMap" has a value that is no list of scopes. Write a list such as ["User.Read"], a list of { httpMethod, scopes }, or null to leave the resource unprotected. The only "tokenType" is "DPoP".`,
    );
  });

/** A map's entries as a text. Two maps with the same text decide every request alike. */
export const mapText = (entries: readonly ResourceEntry[]): string =>
  JSON.stringify(
    entries.map(({ key, method, scopes, tokenType }) => [
      key,
      method,
      scopes,
      ...(tokenType ? [tokenType] : []),
    ]),
  );

/** Reads a map's text. It comes from another realm of the origin, so a text that is none has no entries. */
export function readMapText(text: string): ResourceEntry[] {
  const entries = parsedList(text);
  return entries.flatMap((entry) => {
    const [key, method, scopes, tokenType] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const isMethod = method === null || typeof method === "string";
    const isListOfScopes = scopes === null || (Array.isArray(scopes) && scopes.every(isScope));
    if (typeof key !== "string" || !isMethod || !isListOfScopes || !isTokenType(tokenType)) return [];
    return [{ key, method, scopes, ...(tokenType && { tokenType }) }];
  });
}

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

/** Entries for single methods come first, the one for all other methods last. */
function entriesByMethod(key: string, value: ProtectedResourceValue): ResourceEntry[] {
  if (value === null) return [{ key, method: null, scopes: null }];
  const elements = value.map((element) =>
    typeof element === "string"
      ? { method: null, scopes: [element], tokenType: undefined }
      : {
          method: element.httpMethod?.toUpperCase() ?? null,
          scopes: element.scopes,
          tokenType: element.tokenType,
        },
  );
  const methods = new Set(elements.flatMap(({ method }) => method ?? []));
  return [...methods, null].flatMap((method) => {
    const fitting = elements.filter((element) => element.method === null || element.method === method);
    if (fitting.some(({ scopes }) => scopes === null)) return { key, method, scopes: null };
    const scopes = fitting.flatMap((element) => element.scopes ?? []);
    // One element that asks for a bound token decides: no other may weaken it.
    const { tokenType } = fitting.find((element) => element.tokenType) ?? {};
    return scopes.length > 0 ? { key, method, scopes, ...(tokenType && { tokenType }) } : [];
  });
}

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
  (Array.isArray(value) && value.every((element) => isScope(element) || isMethodScopes(element)));

function isMethodScopes(element: unknown): element is ProtectedResourceScopes {
  if (typeof element !== "object" || element === null) return false;
  const { httpMethod, scopes, tokenType } = element as Partial<ProtectedResourceScopes>;
  const isMethod = httpMethod === undefined || isScope(httpMethod);
  const isListOfScopes = scopes === null || (Array.isArray(scopes) && scopes.every(isScope));
  return isMethod && isListOfScopes && isTokenType(tokenType);
}

const isTokenType = (value: unknown): value is BoundTokenType | undefined =>
  value === undefined || value === "DPoP";

/** Printable ASCII without space, quote and backslash. @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
const isScope = (text: unknown): text is string => typeof text === "string" && /^[!#-[\]-~]+$/.test(text);
