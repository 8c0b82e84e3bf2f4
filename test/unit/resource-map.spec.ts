import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { expect, test } from "@playwright/test";
import { BearerWorkerError } from "../../protocol/errors.ts";
import {
  mapText,
  type ProtectedResourceMap,
  type ProtectedResourceValue,
  readMapText,
  resolveResourceMap,
} from "../../protocol/resource-map.ts";
import { compileResourceMap, matchProtectedResource } from "../../protocol/resource-matcher.ts";
import { matchesWildcard, parseWildcard } from "../../protocol/wildcard.ts";
import { decodeWorkerUrl, encodeWorkerUrl } from "../../protocol/worker-url.ts";

const rows = <Row>(name: string): Row[] =>
  JSON.parse(readFileSync(new URL(`conformance/${name}.json`, import.meta.url), "utf8")) as Row[];

interface Case {
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly base: string;
}

for (const row of rows<Case & { map: [string, ProtectedResourceValue][]; expect: string[] | null }>(
  "protected-resource-map",
)) {
  test(`matching agrees with msal-angular's strict matching: ${row.id}`, () => {
    expect(matchProtectedResource(new Map(row.map), row.url, row.method, row.base)).toEqual(row.expect);
  });
}

for (const row of rows<
  Case & { map: ProtectedResourceMap; expectToken: boolean; why: string; mapMustBeRefused?: boolean }
>("adversarial")) {
  test(`${row.id} ${row.why}`, () => {
    const match = () => matchProtectedResource(row.map, row.url, row.method, row.base);
    if (row.mapMustBeRefused) {
      expect(match).toThrow(BearerWorkerError);
      expect(match).toThrow(/\. Write /);
    } else expect(match() !== null).toBe(row.expectToken);
  });
}

/** Compares hosts label by label, and paths as a whole. */
function matchesComponent(component: "host" | "path", pattern: string, input: string): boolean {
  if (component === "path") return matchesWildcard(parseWildcard(pattern), input);
  const [patterns, inputs] = [pattern.split("."), input.split(".")];
  return (
    patterns.length === inputs.length &&
    patterns.every((label, i) => matchesWildcard(parseWildcard(label), inputs[i] ?? "", 1))
  );
}

for (const row of rows<{
  id: string;
  title: string;
  pattern: string;
  input: string;
  component: "host" | "path";
  expect: boolean;
}>("component-patterns")) {
  test(`${row.id}: ${row.title}`, () => {
    expect(matchesComponent(row.component, row.pattern, row.input)).toBe(row.expect);
  });
}

const BASE = "https://app.example.net/deep/page";
const match = (key: string, url: string, method = "GET") =>
  matchProtectedResource({ [key]: ["s"] }, url, method, BASE) !== null;

test("a key and a URL are compared after the browser has normalized both", () => {
  expect(match("https://api.example.com/a b/é", "https://api.example.com/a%20b/%C3%A9")).toBe(true);
  expect(match("https://api.example.com/a%20b", "https://api.example.com/a b")).toBe(true);
  expect(match("https://api.example.com/%41", "https://api.example.com/A")).toBe(false);
});

test("matching ignores one trailing slash on either side, also before a query", () => {
  expect(match("/api/", "/api")).toBe(true);
  expect(match("/api", "/api/?a=1")).toBe(true);
  expect(match("/api", "/api//")).toBe(false);
  expect(match("/*", "/")).toBe(true);
});

test("a key without scopes for the method passes the request to the next key, and null ends the search", () => {
  const map = new Map<string, ProtectedResourceValue>([
    ["/api/items", [{ httpMethod: "post", scopes: ["write"] }]],
    ["/api/open", null],
    [
      "/api/mixed",
      ["any", { httpMethod: "PUT", scopes: ["put"] }, "more", { httpMethod: "DELETE", scopes: null }],
    ],
    ["/api/*", ["read"]],
  ]);
  const scopes = (url: string, method: string) => matchProtectedResource(map, url, method, BASE);
  expect(scopes("/api/items", "POST")).toEqual(["write"]);
  expect(scopes("/api/items", "GET")).toEqual(["read"]);
  expect(scopes("/api/open", "GET")).toBeNull();
  expect(scopes("/api/mixed", "GET")).toEqual(["any", "more"]);
  expect(scopes("/api/mixed", "PUT")).toEqual(["any", "put", "more"]);
  expect(scopes("/api/mixed", "DELETE")).toBeNull();
});

test("an empty map protects nothing", () => {
  expect(matchProtectedResource({}, "/api", "GET", BASE)).toBeNull();
});

const refused: [key: string, says: RegExp][] = [
  ["", /empty/],
  ["  ", /empty/],
  ["/a%", /"%" that encodes no character/],
  ["http://api.example.com/*", /not an https URL/],
  ["ws://localhost/x", /not an https URL/],
  ["blob:https://a.com/x", /not an https URL/],
  ["htt*s://a.com/x", /"\*" in its scheme/],
  ["https://a.com:*/x", /not a URL/],
  ["https://a.com:8*/x", /not a URL/],
  ["https://*.com/*", /reaches hosts of strangers/],
  ["https://*.com./*", /reaches hosts of strangers/],
  ["https://*.localhost/*", /reaches hosts of strangers/],
  ["https://example.*.com/*", /reaches hosts of strangers/],
  ["https://api.example.com*", /reaches hosts of strangers/],
  ["https://*-ü.example.com/*", /reaches hosts of strangers/],
  ["https://user:secret@api.example.com/*", /user name or a password/],
  ["https://api.example.com/x?code=secret%", /"%" that encodes no character/],
];
for (const [key, says] of refused) {
  test(`the key "${key}" is refused, and the error says why and how to write it`, () => {
    const attempt = () => match(key, "/");
    expect(attempt).toThrow(BearerWorkerError);
    expect(attempt).toThrow(says);
    expect(attempt).toThrow(/^The key ".*" of the option "protectedResourceMap" .*\. Write /);
    expect(attempt).not.toThrow(/secret/);
  });
}

const wrongValues: unknown[] = [
  "scope",
  1,
  1n,
  {},
  undefined,
  () => ["scope"],
  [1],
  [""],
  ["two scopes"],
  ['quo"te'],
  [null],
  [[]],
  [{ httpMethod: "GET" }],
  [{ scopes: [], tokenType: "dpop" }],
  [{ httpMethod: 1, scopes: [] }],
  [{ httpMethod: "GET", scopes: "a" }],
  { httpMethod: "GET" },
  { headers: {} },
  [{ scopes: [], headers: "a" }],
  [{ scopes: [], headers: { "x-ms-version": 1 } }],
];
for (const value of wrongValues) {
  test(`the value ${inspect(value)} is refused`, () => {
    const attempt = () =>
      matchProtectedResource({ "/api": value as ProtectedResourceValue }, "/api", "GET", BASE);
    expect(attempt).toThrow(/"https:\/\/app\.example\.net\/api" .* a value that is no list of scopes/);
  });
}

test("a type of token counts for the methods of its entry, and one element that asks for it decides", () => {
  const entries = resolveResourceMap(
    {
      "/bound": [{ scopes: ["a"], tokenType: "DPoP" }],
      "/mixed": ["a", { httpMethod: "POST", scopes: ["b"], tokenType: "DPoP" }],
      "/plain": ["a"],
    },
    BASE,
  );
  const match = compileResourceMap(entries);
  const typeOf = (path: string, method: string) => match(new URL(path, BASE), method)?.tokenType;
  expect([typeOf("/bound", "GET"), typeOf("/bound", "POST")]).toEqual(["DPoP", "DPoP"]);
  expect([typeOf("/mixed", "GET"), typeOf("/mixed", "POST")]).toEqual([undefined, "DPoP"]);
  expect(typeOf("/plain", "GET")).toBeUndefined();
  expect(readMapText(mapText(entries))).toEqual(entries);
  expect(decodeWorkerUrl(encodeWorkerUrl(new URL("/sw.js", BASE), { entries, navigations: false }))).toEqual({
    entries,
    navigations: false,
  });
});
