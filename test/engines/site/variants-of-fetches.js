// @ts-check
/** @import { Variant } from "./variants.js" */
import { seen } from "./seen.js";

const REFERRER_POLICIES = /** @type {const} */ ([
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
]);

/**
 * `fetch` with each of its options.
 *
 * @type {readonly Variant[]}
 */
export const FETCHES = [
  fetching("GET"),
  ...["HEAD", "DELETE", "PUT", "PATCH"].map((method) => fetching(method, { method })),
  fetching("mode same-origin", { mode: "same-origin" }),
  fetching("mode no-cors: GET", { mode: "no-cors" }),
  fetching("mode no-cors: credentials include", { mode: "no-cors", credentials: "include" }),
  fetching("mode no-cors: POST", { mode: "no-cors", method: "POST", body: "plain" }),
  fetching("credentials omit", { credentials: "omit" }),
  fetching("credentials include", { credentials: "include" }),
  ...REFERRER_POLICIES.map((referrerPolicy) =>
    fetching(`referrer policy ${referrerPolicy}`, { referrerPolicy }),
  ),
  fetching("no referrer", { referrer: "" }),
  fetching("another referrer", { referrer: "/somewhere/else" }),
  ...["no-store", "reload", "no-cache"].map((cache) =>
    fetching(`cache ${cache}`, { cache: /** @type {RequestCache} */ (cache) }),
  ),
  {
    name: "`fetch`, cache default, from the cache",
    path: "/media/cached",
    run: async (url) => [await seen(fetch(url)), await seen(fetch(url))],
  },
  {
    name: "`fetch`, cache no-cache, revalidated",
    path: "/media/cached",
    run: async (url) => [await seen(fetch(url)), await seen(fetch(url, { cache: "no-cache" }))],
  },
  {
    name: "`fetch`, cache force-cache",
    path: "/media/cached",
    run: async (url) => [await seen(fetch(url)), await seen(fetch(url, { cache: "force-cache" }))],
  },
  {
    name: "`fetch`, cache only-if-cached",
    path: "/media/cached",
    run: async (url) => [
      await seen(fetch(url)),
      await seen(fetch(url, { cache: "only-if-cached", mode: "same-origin" })),
    ],
  },
  redirecting("redirect follow, 302", "status=302"),
  redirecting("redirect follow, 302 of a POST", "status=302", { method: "POST", body: "redirected" }),
  redirecting("redirect follow, 307 of a POST", "status=307", { method: "POST", body: "redirected" }),
  redirecting("redirect manual", "status=302", { redirect: "manual" }),
  redirecting("redirect error", "status=302", { redirect: "error" }),
  {
    name: "`fetch`, integrity",
    path: "/media/cached",
    run: (url) => seen(fetch(url, { integrity: "sha256-HyMYsAd8YqWCyAhKVFHC+0kzmz5XJjJTrZ+OqPz1gOQ=" })),
  },
  {
    name: "`fetch`, integrity, not met",
    path: "/media/cached",
    run: (url) => seen(fetch(url, { integrity: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" })),
  },
  fetching("keepalive", { keepalive: true }),
  fetching("keepalive, POST", { keepalive: true, method: "POST", body: "kept alive" }),
  fetching("priority high", { priority: "high" }),
  fetching("priority low", { priority: "low" }),
  fetching("header Range", { headers: { Range: "bytes=0-9" } }),
  fetching("header Accept", { headers: { Accept: "application/vnd.example+json" } }),
  fetching("header Accept-Language", { headers: { "Accept-Language": "tlh" } }),
  fetching("header Cache-Control", { headers: { "Cache-Control": "max-age=0" } }),
  fetching("header If-None-Match", { headers: { "If-None-Match": '"another"' } }),
  fetching("headers of its own", { headers: { "X-Example": "one, two", "X-Empty": "" } }),
  fetching("header beyond ASCII", { headers: { "X-Example": "caf\u00e9" } }),
  {
    name: "`fetch`, a stream, piece by piece",
    path: "/media/events?events=3",
    async run(url) {
      const reader = (await fetch(url)).body?.getReader();
      let pieces = 0;
      while (reader && !(await reader.read()).done) pieces++;
      return { cameInPieces: pieces > 1 };
    },
  },
  {
    name: "`fetch`, aborted after the headers",
    path: "/media/events",
    async run(url) {
      const controller = new AbortController();
      const response = await fetch(url, controller);
      controller.abort();
      return await response.text().then(
        () => "read",
        (error) => error.name,
      );
    },
  },
];

/**
 * @param {string} name
 * @param {RequestInit} [init]
 * @returns {Variant}
 */
function fetching(name, init) {
  return { name: `\`fetch\`, ${name}`, path: "/media/echo", run: (url) => seen(fetch(url, init)) };
}

/**
 * @param {string} name
 * @param {string} query
 * @param {RequestInit} [init]
 * @returns {Variant}
 */
function redirecting(name, query, init) {
  return {
    name: `\`fetch\`, ${name}`,
    path: `/media/redirect?${query}`,
    run: (url) => {
      const to = new URL(url).search.slice(1).split("&").at(-1) ?? "";
      return seen(fetch(`${url}&to=${encodeURIComponent(`/media/echo?${to}`)}&${to}`, init));
    },
  };
}
