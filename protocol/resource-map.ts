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
 * One key of the map, absolute and canonical, with the scopes resolved for each method.
 * `scopes` is keyed by method in upper case; `""` holds what applies to every other method. `null` is "unprotected".
 */
export interface ResourceEntry {
  readonly key: string;
  readonly scopes: ReadonlyMap<string, readonly string[] | null>;
}

/**
 * Checks a map and resolves it against a document's URL.
 *
 * @throws BearerWorkerError `invalid_resource_map`, naming the key and the fix
 */
export const resolveResourceMap = (map: ProtectedResourceMap, base: string): ResourceEntry[] =>
  Array.from(entriesOf(map), ([key, given]) => {
    const url = parseResourceKey(String(key), base);
    const value = snapshot(given);
    if (isValue(value)) return { key: url.href, scopes: resolveScopes(value) };
    throw new BearerWorkerError(
      "invalid_resource_map",
      `protectedResourceMap: "${url.origin}${url.pathname}" needs null or an array like ["User.Read"]`,
    );
  });

/** The same for a map that has been checked before. */
export const resolveCheckedMap = (map: ProtectedResourceMap, base: string): ResourceEntry[] =>
  Array.from(entriesOf(map), ([key, value]) => ({
    key: new URL(key, base).href,
    scopes: resolveScopes(value),
  }));

const entriesOf = (map: ProtectedResourceMap): Iterable<[string, ProtectedResourceValue]> =>
  map instanceof Map ? map : Object.entries(map);

function resolveScopes(value: ProtectedResourceValue): Map<string, readonly string[] | null> {
  const scopes = new Map<string, readonly string[] | null>();
  const elements = (value ?? [{ httpMethod: "", scopes: null }]).map((element) =>
    typeof element === "string"
      ? { method: null, scopes: [element] }
      : { method: element.httpMethod.toUpperCase(), scopes: element.scopes },
  );
  for (const asked of ["", ...elements.map(({ method }) => method ?? "")]) {
    const lists = elements
      .filter(({ method }) => method === null || method === asked)
      .map(({ scopes }) => scopes);
    if (lists.includes(null)) scopes.set(asked, null);
    else if (lists.flat()[0]) scopes.set(asked, lists.flat() as string[]);
  }
  return scopes;
}

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
