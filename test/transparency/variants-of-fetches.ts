import { CORS, type Origin } from "./answer.ts";
import type { Call, Variant } from "./variant.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "post"];
const MODES = ["cors", "no-cors", "same-origin"] as const;
const CREDENTIALS = ["omit", "same-origin", "include"] as const;
const CACHES = ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"] as const;
const POLICIES = [
  "no-referrer",
  "no-referrer-when-downgrade",
  "origin",
  "origin-when-cross-origin",
  "same-origin",
  "strict-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
] as const;
/** Response headers that say for how long a cache may keep it. */
const FRESHNESS = {
  "fresh for a minute": [["Cache-Control", "max-age=60"]],
  "to be revalidated": [
    ["Cache-Control", "no-cache"],
    ["ETag", '"1"'],
  ],
  "not to be stored": [["Cache-Control", "no-store"]],
} as const;
const HEADERS = {
  "of its own": [["X-Own", "value"]],
  "in odd case": [["x-OWN-Header", "Value"]],
  "set twice": [
    ["X-Own", "one"],
    ["X-Own", "two"],
  ],
  "that is empty": [["X-Own", ""]],
  "beyond ASCII": [["X-Own", "café"]],
  "with spaces": [["X-Own", "  a  b  "]],
  "of 4 kB": [["X-Own", "a".repeat(4_000)]],
  Accept: [["Accept", "application/json;q=0.9"]],
  "Accept-Language": [["Accept-Language", "de-CH, *;q=0.1"]],
  "Content-Type without a body": [["Content-Type", "application/json"]],
  Range: [["Range", "bytes=2-5"]],
  "If-None-Match": [["If-None-Match", '"1"']],
  "Cache-Control": [["Cache-Control", "max-age=0"]],
  "X-Requested-With": [["X-Requested-With", "XMLHttpRequest"]],
  "Authorization of the caller's": [["Authorization", "Basic YTpi"]],
} as const;
const ORIGINS: readonly Origin[] = ["site", "other", "far"];
const TWO: readonly Origin[] = ["site", "other"];

/** `fetch` with each of its options, and options with each other where they depend on each other. */
export const FETCH_VARIANTS: readonly Variant[] = [
  ...METHODS.flatMap((method) =>
    TWO.map((origin) => fetching(`method ${method}`, origin, { init: { method } })),
  ),
  ...MODES.flatMap((mode) =>
    CREDENTIALS.flatMap((credentials) =>
      CORS.flatMap((cors) =>
        ORIGINS.map((origin) =>
          fetching(
            `mode ${mode}, credentials ${credentials}, readable by ${cors}`,
            origin,
            { init: { mode, credentials } },
            { cors },
          ),
        ),
      ),
    ),
  ),
  ...CACHES.flatMap((cache) =>
    Object.entries(FRESHNESS).map(([name, headers]) => ({
      ...fetching(
        `cache ${cache}, ${name}`,
        "site",
        { init: { cache, ...(cache === "only-if-cached" && { mode: "same-origin" }) } },
        { headers },
      ),
      primed: true,
    })),
  ),
  ...POLICIES.flatMap((referrerPolicy) =>
    ORIGINS.map((origin) =>
      fetching(`referrer policy ${referrerPolicy}`, origin, { init: { referrerPolicy } }),
    ),
  ),
  ...TWO.flatMap((origin) => [
    fetching("no referrer", origin, { init: { referrer: "" } }),
    fetching("another referrer", origin, { init: { referrer: "/somewhere/else?with=query" } }),
    ...Object.entries(HEADERS).map(([name, headers]) => fetching(`header ${name}`, origin, { headers })),
    ...(["high", "low"] as const).map((priority) =>
      fetching(`priority ${priority}`, origin, { init: { priority } }),
    ),
    fetching("keepalive", origin, { init: { keepalive: true } }),
    fetching("keepalive, POST", origin, { init: { keepalive: true, method: "POST" }, body: "text" }),
    fetching("keepalive, no-cors, POST", origin, {
      init: { keepalive: true, mode: "no-cors", method: "POST" },
      body: "text",
    }),
    fetching("right integrity", origin, {
      // Of "an answer".
      init: { integrity: "sha256-7pVVGENGz0K8nvZhnXZMiPTBk/j6u7/8DM6s+kSp3TU=" },
    }),
    fetching("wrong integrity", origin, {
      init: { integrity: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
    }),
    fetching("the body read from a clone", origin, { clone: true }),
  ]),
  fetching(
    "preflight that allows any header",
    "other",
    { headers: [["X-Own", "value"]] },
    { anyHeader: true, cors: "anyone" },
  ),
  fetching(
    "no preflight without a token, and one with it that allows any header",
    "other",
    {},
    { anyHeader: true, cors: "anyone" },
  ),
];

function fetching(
  name: string,
  origin: Origin,
  call: Omit<Call & { via: "fetch" }, "via">,
  answer: Variant["answer"] = {},
): Variant {
  return { name: `fetch, ${name}`, origin, answer, call: { via: "fetch", ...call } };
}
