import { expect, test } from "@playwright/test";
import { NoCorsRequests } from "../../pipeline/no-cors.ts";
import { BoundedMap } from "../../protocol/bounded-map.ts";
import { compileResourceMap } from "../../protocol/resource-matcher.ts";
import { ManualClock } from "./manual-clock.ts";
import { ORDERS } from "./recorded-realm.ts";

test("a map within its bound is a map like any other", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1).set("b", 2);
  expect([...map]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
});

test("a map at its bound forgets its oldest entry for a new one", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1).set("b", 2).set("c", 3);
  expect([...map.keys()]).toEqual(["b", "c"]);
});

test("a map at its bound forgets nothing for a new value of a known key", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1).set("b", 2).set("a", 3);
  expect([...map]).toEqual([
    ["a", 3],
    ["b", 2],
  ]);
});

test("a deleted entry makes room", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1).set("b", 2);
  map.delete("a");
  map.set("c", 3);
  expect([...map.keys()]).toEqual(["b", "c"]);
});

test("a map forgets an entry whose key is undefined, too", () => {
  const map = new BoundedMap<string | undefined, number>(1);
  map.set(undefined, 1).set("a", 2);
  expect([...map.keys()]).toEqual(["a"]);
});

/** The bounded maps that grow while `work` runs. */
function growing(work: () => void): BoundedMap<unknown, unknown>[] {
  const own = Object.getOwnPropertyDescriptor(BoundedMap.prototype, "set") as PropertyDescriptor;
  const grown = new Set<BoundedMap<unknown, unknown>>();
  Object.defineProperty(BoundedMap.prototype, "set", {
    ...own,
    value(this: BoundedMap<unknown, unknown>, key: unknown, value: unknown): unknown {
      grown.add(this);
      return Reflect.apply(own.value as () => unknown, this, [key, value]);
    },
  });
  try {
    work();
  } finally {
    Object.defineProperty(BoundedMap.prototype, "set", own);
  }
  return [...grown];
}

test("a matcher keeps an index for 100 hosts, however many a wildcard host stands for", () => {
  const match = compileResourceMap([{ key: "https://*.example.com/api/*", method: null, scopes: ["read"] }]);
  let matched = 0;
  const maps = growing(() => {
    for (let i = 0; i < 1_000; i++) {
      if (match(new URL(`https://tenant${i}.example.com/api/a`), "GET")) matched++;
    }
  });
  expect(matched).toBe(1_000);
  expect(maps.map(({ size }) => size)).toEqual([100]);
  expect(match(new URL("https://tenant0.example.com/api/a"), "GET")?.scopes).toEqual(["read"]);
});

test("a matcher keeps an index for 100 hosts that the map does not name, too", () => {
  const match = compileResourceMap([{ key: "https://api.example.com/*", method: null, scopes: ["read"] }]);
  const maps = growing(() => {
    for (let i = 0; i < 1_000; i++) match(new URL(`https://cdn${i}.example.net/a.png`), "GET");
  });
  expect(maps.map(({ size }) => size)).toEqual([100]);
});

test("the ways of no-cors requests are remembered for 500 resources", async () => {
  const noCors = new NoCorsRequests(new ManualClock());
  const server = (i: number) => ({ ...ORDERS, server: `https://tenant${i}.example.com` });
  const fetchWithoutCors = (request: Request): Promise<Response> =>
    request.mode === "cors"
      ? Promise.reject(new TypeError("Failed to fetch"))
      : Promise.resolve(new Response());
  const request = new Request("https://api.example.com/orders/7", { mode: "no-cors" });
  const bearer = () => Promise.resolve({ accessToken: "t", proof: null, account: "ada" });
  for (let i = 0; i <= 500; i++) await noCors.send(request, bearer, server(i), fetchWithoutCors);
  expect(noCors.areBare(server(0))).toBe(false);
  expect(noCors.areBare(server(1))).toBe(true);
  expect(noCors.areBare(server(500))).toBe(true);
});
