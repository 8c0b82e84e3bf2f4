import { expect, test } from "@playwright/test";
import { mapText, readMapText, resolveResourceMap } from "../../protocol/resource-map.ts";
import { WorkerMaps } from "../../sw/worker-maps.ts";

const BASE = "https://shop.example/";
const entriesOf = (map: Parameters<typeof resolveResourceMap>[0]) => resolveResourceMap(map, BASE);

test("a worker lacks the keys of a page that are in none of its maps, or have other scopes there", () => {
  const maps = new WorkerMaps();
  maps.add(entriesOf({ "/api/*": ["read"], "/files/*": ["files"] }), false);
  maps.add(entriesOf({ "/mail/*": ["mail"] }), false);
  const page = entriesOf({
    "/open/*": null,
    "/api/*": ["read"],
    "/mail/*": ["mail"],
    "/files/*": ["files", "more"],
    "/new/*": [
      { httpMethod: "GET", scopes: ["a"] },
      { httpMethod: "PUT", scopes: ["b"] },
    ],
  });
  expect(maps.lackedBy(page)).toEqual([`${BASE}files/*`, `${BASE}new/*`]);
});

test("maps are the URL's as long as no other is added", () => {
  const maps = new WorkerMaps();
  maps.add(entriesOf({ "/api/*": ["read"] }), true);
  expect(maps.isOfUrl).toBe(true);
  maps.add(entriesOf({ "/mail/*": ["mail"] }), false);
  maps.add(entriesOf({ "/files/*": ["files"] }), true);
  expect(maps.isOfUrl).toBe(false);
});

test("a worker lacks the keys of a page that have other headers there", () => {
  const maps = new WorkerMaps();
  const versioned = (version: string) => ({ scopes: ["read"], headers: { "x-ms-version": version } });
  maps.add(entriesOf({ "/new/*": versioned("2"), "/old/*": versioned("1"), "/bare/*": ["read"] }), false);
  const page = entriesOf({ "/new/*": versioned("2"), "/old/*": versioned("2"), "/bare/*": versioned("2") });
  expect(maps.lackedBy(page)).toEqual([`${BASE}old/*`, `${BASE}bare/*`]);
  expect(maps.compare(mapText(page)).isOther).toBe(true);
});

test("a map's text is read back whole, and other texts have no entries", () => {
  const entries = entriesOf({
    "/open/*": null,
    "/api/*": ["read", { httpMethod: "PUT", scopes: ["write"], headers: { "x-a": "1" } }],
  });
  expect(readMapText(mapText(entries))).toEqual(entries);
  for (const text of [
    "",
    "{}",
    "null",
    "[[1,2,3]]",
    '[["https://a.example/",null,["a b"]]]',
    "[[]]",
    '["a"]',
  ])
    expect(readMapText(text)).toEqual([]);
});

const API = `${BASE}api/*`;
const REDIRECT_PAGE = { [`${BASE}redirect.*`]: null };

test("a page with the worker's map decides as the worker does, also with entries ahead that leave requests out", () => {
  const maps = new WorkerMaps();
  maps.add(entriesOf({ "/open": null, "/*": ["read"] }), false);
  maps.add(entriesOf({ "/*": ["read"] }), false);
  const ahead = { ...REDIRECT_PAGE, "/api/*": { httpMethod: "GET", scopes: null } };
  const page = maps.compare(mapText(entriesOf({ ...ahead, "/open": null, "/*": ["read"] })));

  expect(page.isOther).toBe(false);
  const decided = ["orders", "redirect.html", "redirect.html.js", "api/1", "open"].map((path) => [
    path,
    page.decidesAlike(BASE + path, "GET"),
    page.decidesAlike(BASE + path, "POST"),
  ]);
  expect(decided).toEqual([
    ["orders", true, true],
    ["redirect.html", false, false],
    ["redirect.html.js", false, false],
    ["api/1", false, true],
    ["open", false, false],
  ]);
});

for (const [kind, text] of [
  ["another entry", mapText(entriesOf({ ...REDIRECT_PAGE, "/api/*": ["write"] }))],
  ["a protected entry ahead", mapText(entriesOf({ "/mail/*": ["mail"], "/api/*": ["read"] }))],
  ["an entry behind", mapText(entriesOf({ "/api/*": ["read"], "/open": null }))],
  ["no entries", mapText([])],
  [
    "a key that is no URL",
    mapText([{ key: "x", method: null, scopes: null }, ...entriesOf({ [API]: ["read"] })]),
  ],
  ["no text of a map", "the map"],
] as const) {
  test(`a page's map with ${kind} is another one than the worker's`, () => {
    const maps = new WorkerMaps();
    maps.add(entriesOf({ [API]: ["read"] }), false);
    const page = maps.compare(text);

    expect(page.isOther).toBe(true);
    expect(page.decidesAlike(`${BASE}api/1`, "GET")).toBe(false);
  });
}
