import type { Origin } from "./answer.ts";
import type { Variant } from "./variant.ts";

const STATUSES = [301, 302, 303, 307, 308];
const MODES = ["follow", "manual", "error"] as const;
const ROUTES: readonly (readonly [Origin, Origin])[] = [
  ["site", "site"],
  ["site", "other"],
  ["other", "other"],
  ["other", "site"],
  ["other", "far"],
];

/** Redirects within an origin and across origins. CORS lets the page read their target. */
export const REDIRECT_VARIANTS: readonly Variant[] = [
  ...ROUTES.flatMap(([origin, redirect]) =>
    STATUSES.flatMap((status) => [
      redirected(`fetch, ${status} to ${redirect}`, origin, redirect, status),
      redirected(`fetch, POST, ${status} to ${redirect}`, origin, redirect, status, {
        via: "fetch",
        init: { method: "POST" },
        body: "text",
      }),
    ]),
  ),
  ...ROUTES.flatMap(([origin, to]) => [
    ...MODES.slice(1).map((redirect) =>
      redirected(`fetch, redirect ${redirect}, 302 to ${to}`, origin, to, 302, {
        via: "fetch",
        init: { redirect },
      }),
    ),
    redirected(`fetch, credentials include, 302 to ${to}`, origin, to, 302, {
      via: "fetch",
      init: { credentials: "include" },
    }),
    redirected(`fetch, no-cors, 302 to ${to}`, origin, to, 302, { via: "fetch", init: { mode: "no-cors" } }),
    redirected(`XMLHttpRequest, 302 to ${to}`, origin, to, 302, { via: "XMLHttpRequest" }),
    redirected(`<img>, 302 to ${to}`, origin, to, 302, { via: "element", tag: "img" }),
  ]),
  {
    name: "fetch, 302 from site to an origin without CORS",
    origin: "site",
    answer: { status: 302, redirect: "other", landing: { cors: "nobody" } },
    call: { via: "fetch" },
  },
  {
    name: "<img>, 302 from site to an origin without CORS",
    origin: "site",
    answer: { status: 302, redirect: "other", landing: { cors: "nobody", ...picture() } },
    call: { via: "element", tag: "img" },
  },
];

function redirected(
  name: string,
  origin: Origin,
  redirect: Origin,
  status: number,
  call: Variant["call"] = { via: "fetch" },
): Variant {
  const landing = call.via === "element" ? picture() : {};
  return {
    name: name.replace(" to ", ` from ${origin} to `),
    origin,
    answer: { status, redirect, landing },
    call,
  };
}

function picture(): Variant["answer"] {
  return {
    headers: [["Content-Type", "image/svg+xml"]],
    body: '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"/>',
  };
}
