import { expect, test } from "@playwright/test";
import { settle } from "../unit/manual-clock.ts";
import { patternsFor, routeOthersToNetwork } from "../../sw/static-routes.ts";

const SITE = "https://shop.example";
const OWN = `${SITE}/bearer-sw.js`;

const texts = (keys: readonly string[]): string[] | null =>
  patternsFor([OWN, ...keys])?.map(({ hostname, pathname }) => `${hostname}${pathname}`) ?? null;

test("a short map has one pattern for each key, and equal ones once", () => {
  expect(texts([`${SITE}/api/*`, `${SITE}/api/*`, `${SITE}/(odd)/{x}`, "https://*.api.example/a/"])).toEqual([
    "shop.example/bearer-sw.js{/}?",
    "shop.example/api/*{/}?",
    "shop.example/*odd*/%7Bx%7D{/}?",
    "*.api.example/a{/}?",
  ]);
});

test("a map of more than 64 patterns has one for each origin and leading path", () => {
  const keys = Array.from({ length: 72 }, (_, i) => `${SITE}/api/v1/resource${i}`);
  expect(texts([...keys, `${SITE}/api`, `${SITE}/files*/x`, `${SITE}/`])).toEqual([
    "shop.example/bearer-sw.js{/*}?",
    "shop.example/api{/*}?",
    "shop.example/files*",
    "shop.example/{/*}?",
  ]);
});

test("a map of more than 64 leading paths has one for each origin", () => {
  const keys = Array.from({ length: 72 }, (_, i) => `${SITE}/resource${i}`);
  expect(texts([...keys, "https://api.example/a"])).toEqual(["shop.example*", "api.example*"]);
});

test("a map of more than 64 origins has none, and every request starts the worker", () => {
  expect(texts(Array.from({ length: 65 }, (_, i) => `https://api${i}.example/`))).toBeNull();
});

test("the colons of an IPv6 address are escaped", () => {
  expect(texts(["http://[::1]:4280/api/*"])).toContain("[\\:\\:1]/api/*{/}?");
});

test("routes that the browser refuses are none, and leave no rejection unhandled", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const refusal = Promise.reject(new TypeError("Invalid hostname pattern"));

  const install = { addRoutes: () => refusal } as unknown as ExtendableEvent;
  routeOthersToNetwork(install, [], OWN);
  await settle();

  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
