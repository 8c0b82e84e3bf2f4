import { BearerWorkerError } from "./errors.ts";
import { parseResourceKey } from "./resource-key.ts";

/** Scopes for one HTTP method of a protected resource. `null` leaves that method unprotected. */
export interface ProtectedResourceScopes {
  readonly httpMethod: string;
  readonly scopes: readonly string[] | null;
}

/** What a key of the map asks for. `null` leaves the resource unprotected, whatever a later key says. */
export type ProtectedResourceValue = readonly (string | ProtectedResourceScopes)[] | null;

/**
 * Protected resources and the scopes that their access tokens need: msal-angular's `protectedResourceMap`, matched
 * strictly. Keys are absolute URLs, or relative to the document; `*` stands for any characters in path, query and
 * fragment, and for part of one label in the host. Keys are asked in order, the first that has scopes for the
 * request's method wins.
 */
export type ProtectedResourceMap =
  ReadonlyMap<string, ProtectedResourceValue> | { readonly [key: string]: ProtectedResourceValue };

/**
 * What one key of the map asks for with one HTTP method. `key` is absolute and canonical, `method` in upper case; `""` is
 * every method that no entry before it names for that key. `null` is "unprotected".
 */
export interface ResourceEntry {
  readonly key: string;
  readonly method: string;
  readonly scopes: readonly string[] | null;
}

/**
 * Checks a map and resolves it against a document's URL.
 *
 * @throws BearerWorkerError `invalid_resource_map`, naming the key and the fix
 */
export const resolveResourceMap = (map: ProtectedResourceMap, base: string): ResourceEntry[] =>
  Array.from(entriesOf(map)).flatMap(([key, given]) => {
    const url = parseResourceKey(String(key), base);
    const value = snapshot(given);
    if (isValue(value)) return byMethod(url, value);
    throw new BearerWorkerError(
      "invalid_resource_map",
      `protectedResourceMap: "${url.origin}${url.pathname}" needs null or scopes: ["User.Read"]`,
    );
  });

/** The same for a map that has been checked before. */
export const resolveCheckedMap = (map: ProtectedResourceMap, base: string): ResourceEntry[] =>
  Array.from(entriesOf(map)).flatMap(([key, value]) => byMethod(new URL(key, base), value));

const entriesOf = (map: ProtectedResourceMap): Iterable<[string, ProtectedResourceValue]> =>
  map instanceof Map ? map : Object.entries(map);

function byMethod({ href: key }: URL, value: ProtectedResourceValue): ResourceEntry[] {
  const elements = value ?? [{ httpMethod: "", scopes: null }];
  const methods = new Set(["", ...elements.map(methodOf)]);
  return [...methods].reverse().flatMap((method) => {
    const scopes = elements
      .filter((element) => ["", method].includes(methodOf(element)))
      .flatMap((element) => (typeof element === "string" ? element : element.scopes));
    return scopes.length ? { key, method, scopes: scopes.includes(null) ? null : (scopes as string[]) } : [];
  });
}

/** Empty for scopes that are asked for with every method. */
const methodOf = (element: string | ProtectedResourceScopes): string =>
  typeof element === "string" ? "" : element.httpMethod.toUpperCase();

/** What a value says now: a getter or a proxy could say something else after it was checked. */
const snapshot = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "0");

const isValue = (value: unknown): value is ProtectedResourceValue =>
  value === null ||
  (Array.isArray(value) && value.every((element) => isScope(element) || isMethodScopes(element)));

function isMethodScopes(element: unknown): element is ProtectedResourceScopes {
  const { httpMethod, scopes } = Object(element) as Record<string, unknown>;
  return isScope(httpMethod) && (scopes === null || (Array.isArray(scopes) && scopes.every(isScope)));
}

/** Printable ASCII without space, quote and backslash. @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
const isScope = (text: unknown): text is string => typeof text === "string" && /^[!#-[\]-~]+$/.test(text);
