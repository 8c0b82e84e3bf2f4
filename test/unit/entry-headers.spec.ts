import { expect, test } from "@playwright/test";
import { checkHeaders, readHeaders } from "../../protocol/entry-headers.ts";
import { type ProtectedResourceValue, readMapText, resolveResourceMap } from "../../protocol/resource-map.ts";
import { decodeWorkerUrl, encodeWorkerUrl } from "../../protocol/worker-url.ts";

const BASE = "https://shop.example/";
const entriesOf = (value: ProtectedResourceValue) => resolveResourceMap({ "/api/*": value }, BASE);

const ALLOWED = [
  "x-ms-version",
  "X-Ms-Client-Request-Id",
  "ConsistencyLevel",
  "Prefer",
  "OData-Version",
  "api-version",
  "X-Tenant",
  "traceparent",
];

const REFUSED = {
  "that the browser sets or forbids": `Accept Accept-Charset Accept-Encoding Accept-Language
    Access-Control-Request-Headers Access-Control-Request-Method Access-Control-Request-Private-Network Connection Date
    DNT Expect Host Keep-Alive Last-Event-ID Origin Referer Sec-Fetch-Site Service-Worker TE Trailer Transfer-Encoding
    Upgrade Upgrade-Insecure-Requests User-Agent Via`,
  "of credentials": `Authorization Proxy-Authorization Cookie Cookie2 Set-Cookie DPoP X-Auth-Token X-Api-Key
    Ocp-Apim-Subscription-Key X-CSRF X-XSRF-Header Client-Secret X-Password Signature Idempotency-Key
    x-ms-authorization-auxiliary`,
  "of the body and the part that is asked for": `Content-Type Content-Encoding Content-Length Content-MD5 Digest Range
    x-ms-range If-Match If-None-Match If-Modified-Since If-Range x-ms-if-tags`,
  "of another method, URL or sender": `X-HTTP-Method X-HTTP-Method-Override X-Method-Override X-Original-URL
    X-Rewrite-URL X-Forwarded-For X-Forwarded-Host Forwarded X-Real-IP Destination`,
  "that are no names": "x:y x@y ü x\r\nCookie:",
};

test("a map may set headers that an API has made up for itself", () => {
  for (const name of ALLOWED)
    expect(checkHeaders({ [name]: "1" }, BASE)).toEqual([[name.toLowerCase(), "1"]]);
});

for (const [kind, names] of Object.entries(REFUSED)) {
  test(`a map cannot set headers ${kind}, and a worker ignores them in its URL`, () => {
    for (const name of names.split(/ +|\n +/)) {
      expect(() => checkHeaders({ [name]: "1" }, BASE), name).toThrow(/cannot be set by a map/);
      expect(readHeaders([[name.toLowerCase(), "1"]]), name).toEqual([]);
      const query = `?bearer-worker=1&/api/*=read&${encodeURIComponent(`~${name}`)}=1`;
      expect(decodeWorkerUrl(new URL(`/bearer-sw.js${query}`, BASE))?.entries, name).toEqual([
        { key: `${BASE}api/*`, method: null, scopes: ["read"] },
      ]);
    }
  });
}

test("a header's value is printable ASCII without blanks at its ends, and an error does not show it", () => {
  for (const text of ["2025-01-05", 'a, b;c="d"', "~"])
    expect(checkHeaders({ "x-a": text }, BASE)).toEqual([["x-a", text]]);
  for (const text of ["", " secret", "secret ", "secret\n", "secret\r\nx-b: 1", "secretü", "secret\0"]) {
    expect(() => checkHeaders({ "x-a": text }, BASE)).toThrow(/The header "x-a" .* Write printable ASCII/);
    expect(() => checkHeaders({ "x-a": text }, BASE)).not.toThrow(/secret/);
    expect(readHeaders([["x-a", text]])).toEqual([]);
  }
});

test("headers of all methods and of one method come together, and the one method's count more", () => {
  const entries = entriesOf([
    { httpMethod: "PUT", scopes: ["write"], headers: { "X-MS-Version": "2" } },
    { scopes: ["read"], headers: { prefer: "a", "x-ms-version": "1" } },
    { httpMethod: "DELETE", scopes: null, headers: { "x-b": "1" } },
  ]);
  expect(entries.map(({ method, scopes, headers }) => [method, scopes, headers])).toEqual([
    [
      "PUT",
      ["write", "read"],
      [
        ["prefer", "a"],
        ["x-ms-version", "2"],
      ],
    ],
    ["DELETE", null, undefined],
    [
      null,
      ["read"],
      [
        ["prefer", "a"],
        ["x-ms-version", "1"],
      ],
    ],
  ]);
});

test("one element needs no list, and no headers are the same as empty ones", () => {
  expect(entriesOf({ scopes: ["read"] })).toEqual(entriesOf(["read"]));
  expect(entriesOf({ scopes: ["read"], headers: {} })).toEqual(entriesOf(["read"]));
  expect(entriesOf({ httpMethod: "get", scopes: ["read"] })).toEqual([
    { key: `${BASE}api/*`, method: "GET", scopes: ["read"] },
  ]);
});

test("headers stand in the worker's URL behind their entry, in characters that every server takes", () => {
  const entries = resolveResourceMap(
    {
      "/photos/*": { scopes: ["read"], headers: { "x-ms-version": "2025-01-05", prefer: 'a="b" & c' } },
      "/api/*": ["read"],
    },
    BASE,
  );
  const { search } = encodeWorkerUrl(new URL("/bearer-sw.js?~x-site=1", BASE), {
    entries,
    navigations: true,
  });
  expect(search).toBe(
    "?~x-site=1&bearer-worker=1&navigations=1&/photos/*=read&~prefer=a%3D%22b%22+%26+c&~x-ms-version=2025-01-05&/api/*=read",
  );
  expect(decodeWorkerUrl({ origin: "https://shop.example", search })?.entries).toEqual(entries);
});

test("a map's text that another realm has written holds no header that a map may not set", () => {
  const headers = [["x-a", "1"], ["cookie", "1"], ["x-b", 1], "x-c", ["x-d"], null];
  const text = (given: unknown): string => JSON.stringify([["https://a.example/", null, ["read"], given]]);
  expect(readMapText(text(headers))[0]?.headers).toEqual([["x-a", "1"]]);
  for (const given of [null, "x", {}, []]) expect(readMapText(text(given))[0]?.headers).toBeUndefined();
});
