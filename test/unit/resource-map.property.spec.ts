import assert from "node:assert/strict";
import { test } from "@playwright/test";
import fc from "fast-check";
import { mapText, type ProtectedResourceValue, resolveResourceMap } from "../../protocol/resource-map.ts";
import { compileResourceMap, matchProtectedResource } from "../../protocol/resource-matcher.ts";
import { matchesWildcard, parseWildcard } from "../../protocol/wildcard.ts";
import { decodeWorkerUrl, encodeWorkerUrl } from "../../protocol/worker-url.ts";

const BASE = "https://app.example.net/";

/** A plain version of the same rules: one regular expression for each component, keys in the order of the map. */
function naiveMatch(map: Map<string, ProtectedResourceValue>, url: string, method: string): string[] | null {
  const request = new URL(url, BASE);
  const trim = (path: string) => (path.length > 1 ? path.replace(/\/$/, "") : path);
  const fits = (pattern: string, input: string, star: string) =>
    new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", star)}$`, "s").test(input);
  for (const [key, value] of map) {
    const wanted = new URL(key, BASE);
    if (wanted.protocol !== request.protocol || wanted.port !== request.port) continue;
    if (!fits(wanted.hostname, request.hostname, "[^.]+")) continue;
    if (!fits(trim(wanted.pathname), trim(request.pathname), ".*")) continue;
    if (wanted.search && !fits(wanted.search, request.search, ".*")) continue;
    if (wanted.hash && !fits(wanted.hash, request.hash, ".*")) continue;
    if (value === null) return null;
    const scopes: string[] = [];
    let unprotected = false;
    for (const element of [value].flat() as Exclude<typeof value, readonly unknown[]>[]) {
      if (typeof element === "string") scopes.push(element);
      else if ((element.httpMethod ?? method).toUpperCase() === method.toUpperCase()) {
        if (element.scopes === null) unprotected = true;
        else scopes.push(...element.scopes);
      }
    }
    if (unprotected) return null;
    if (scopes.length > 0) return scopes;
  }
  return null;
}

// The alphabet is small, so that keys and URLs match often.
const segment = fc.string({ unit: fc.constantFrom("a", "b", "*", "%20", "."), maxLength: 4 });
const path = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
const query = fc.constantFrom("", "?a=1", "?*", "?a=1&b=2", "?");
const hash = fc.constantFrom("", "#h", "#*");
const host = fc.constantFrom(
  "",
  "https://api.example.com",
  "https://*.example.com",
  "https://a*b.example.com",
  "https://*.*.example.com",
  "https://ab.example.com",
  "https://a.b.example.com",
  "https://api.example.com:8443",
);
/** A path that begins with two slashes would be parsed as a host. */
const key = fc
  .tuple(host, path, query, hash)
  .map((parts) => parts.join(""))
  .filter((text) => !text.startsWith("//"));
const method = fc.constantFrom("GET", "POST", "post", "PATCH");
const scopes = fc.array(fc.constantFrom("read", "write", "all"), { maxLength: 2 });
const headers = fc.dictionary(
  fc.constantFrom("x-ms-version", "X-MS-Version", "ConsistencyLevel", "x-a~b", "__proto__"),
  fc.constantFrom("2025-01-05", "a b&c=d", '"%20"'),
  { maxKeys: 2 },
);
const element = fc.record(
  { httpMethod: method, scopes: fc.option(scopes), headers },
  { requiredKeys: ["scopes"] },
);
const value: fc.Arbitrary<ProtectedResourceValue> = fc.option(
  fc.oneof(element, fc.array(fc.oneof(fc.constantFrom("read", "all"), element), { maxLength: 3 })),
);
const map = fc.array(fc.tuple(key, value), { maxLength: 12 }).map((entries) => new Map(entries));
/** Requested URLs have letters in place of the stars of a key. */
const url = key.map((text) => text.replaceAll("*", "b"));

test("matching agrees with a naive reference", () => {
  fc.assert(
    fc.property(map, url, method, (entries, requested, verb) => {
      assert.deepEqual(
        matchProtectedResource(entries, requested, verb, BASE),
        naiveMatch(entries, requested, verb),
      );
    }),
    { numRuns: 20_000 },
  );
});

test("the worker decides as the page does: the map survives its way through the worker's URL", () => {
  fc.assert(
    fc.property(map, fc.boolean(), url, method, (entries, navigations, requested, verb) => {
      const script = encodeWorkerUrl(new URL("/bearer-sw.js?v=3", BASE), {
        entries: resolveResourceMap(entries, BASE),
        navigations,
      });
      const decoded = decodeWorkerUrl(new URL(script.href));
      assert.equal(decoded?.navigations, navigations);
      const match = compileResourceMap(decoded?.entries ?? []);
      const ofPage = compileResourceMap(resolveResourceMap(entries, BASE));
      const asked = new URL(requested, BASE);
      assert.deepEqual(match(asked, verb), ofPage(asked, verb));
      assert.equal(mapText(decoded?.entries ?? []), mapText(resolveResourceMap(entries, BASE)));
    }),
    { numRuns: 5_000 },
  );
});

test("a path that begins with two slashes stays a path on its way through the worker's URL", () => {
  const entries = resolveResourceMap({ "/.//api.example.com/*": ["s"] }, BASE);
  const script = encodeWorkerUrl(new URL("/bearer-sw.js", BASE), { entries, navigations: false });
  assert.deepEqual(decodeWorkerUrl(script)?.entries, entries);
});

test("no URL outside the map's hosts gets a scope", () => {
  const outside = fc.webUrl({ validSchemes: ["https", "http"] });
  const hosts = fc.constantFrom("https://api.example.com/*", "https://*.example.com/*", "/*");
  fc.assert(
    fc.property(hosts, outside, (entry, requested) => {
      const { hostname, protocol, port } = new URL(requested);
      fc.pre(!/(^|\.)example\.(com|net)$/.test(hostname) || protocol !== "https:" || port !== "");
      assert.equal(matchProtectedResource({ [entry]: ["s"] }, requested, "GET", BASE), null);
    }),
    { numRuns: 5_000 },
  );
});

/** A URL that the map names, and another one that differs from it in a single component. */
const label = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const strayed = fc
  .record({
    sub: label,
    port: fc.constantFrom("", ":8443"),
    path: fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
    query: fc.constantFrom("", "?a=1", "?next=https://api.example.com/v1/"),
    // "v1" would give the path of the map again.
    stray: label.filter((text) => text !== "v1"),
  })
  .chain(({ sub, port, path, query, stray }) => {
    const rest = `/v1/${path}${query}`;
    const api = `${sub}.example.com`;
    return fc.record({
      keys: fc.constantFrom([`https://${api}${port}/v1/*`], [`https://*.example.com${port}/v1/*`]),
      named: fc.constant(`https://${api}${port}${rest}`),
      other: fc.constantFrom(
        `http://${api}${port}${rest}`,
        `wss://${api}${port}${rest}`,
        `https://${api}.${stray}.net${port}${rest}`,
        `https://${api}${stray}${port}${rest}`,
        `https://${stray}.${api}${port}${rest}`,
        `https://example.com${port}${rest}`,
        `https://${sub}-example.com${port}${rest}`,
        `https://${sub}.example.com.${port}${rest}`,
        `https://${api}${port}@${stray}.net${rest}`,
        `https://${stray}.net/${api}${rest}`,
        `https://${stray}.net?https://${api}${rest}`,
        `https://${stray}.net#https://${api}${rest}`,
        `https://${api}:444${rest}`,
        `https://${api}${port}/v1${stray}${query}`,
        `https://${api}${port}/${stray}${rest}`,
        `https://${api}${port}/v1/../${stray}${query}`,
        `https://${api}${port}/V1/${path}`,
        `https://${api}${port}//v1/${path}`,
        `blob:https://${api}${port}${rest}`,
      ),
    });
  });

test("no URL gets a scope that differs from what the map names in a single component", () => {
  fc.assert(
    fc.property(strayed, method, ({ keys, named, other }, verb) => {
      const map = Object.fromEntries(keys.map((key) => [key, ["s"]]));
      assert.deepEqual(matchProtectedResource(map, named, verb, BASE), ["s"]);
      assert.equal(matchProtectedResource(map, other, verb, BASE), null);
    }),
    { numRuns: 10_000 },
  );
});

test("a wildcard looks at each character of a URL a bounded number of times, whatever the key", () => {
  // Many stars around a letter that the text repeats make a regular expression backtrack exponentially.
  const pattern = parseWildcard("/" + "*a".repeat(30) + "*b");
  const looks = (length: number) => {
    const text = "/" + "a".repeat(length);
    let characters = 0;
    const counted = new Proxy(new String(text), {
      get(target, name) {
        if (name === "indexOf") {
          return (piece: string, from: number) => {
            const found = target.indexOf(piece, from);
            characters += (found < 0 ? length : found) - from + 1;
            return found;
          };
        }
        const property: unknown = Reflect.get(target, name);
        return typeof property === "function"
          ? (property as (...args: unknown[]) => unknown).bind(target)
          : property;
      },
    });
    assert.equal(matchesWildcard(pattern, counted as string), false);
    return characters;
  };
  assert.ok(looks(100_000) <= 100_000 + 31);
});
