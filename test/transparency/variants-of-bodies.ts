import type { Origin } from "./answer.ts";
import type { BodyName, Variant } from "./variant.ts";

const BODIES: readonly BodyName[] = [
  "text",
  "empty text",
  "JSON",
  "FormData",
  "URLSearchParams",
  "Blob",
  "Blob without type",
  "ArrayBuffer",
  "Uint8Array",
  "300 kB",
  "null",
];
const ORIGINS: readonly Origin[] = ["site", "other"];

/** Every kind of body, by every way to send one. */
export const BODY_VARIANTS: readonly Variant[] = BODIES.flatMap((body) =>
  ORIGINS.flatMap((origin): Variant[] => [
    {
      name: `fetch, POST of ${body}`,
      origin,
      answer: {},
      call: { via: "fetch", init: { method: "POST" }, body },
    },
    {
      name: `fetch, POST of ${body}, no-cors`,
      origin,
      answer: {},
      call: { via: "fetch", init: { method: "POST", mode: "no-cors", credentials: "include" }, body },
    },
    {
      name: `XMLHttpRequest, PUT of ${body}`,
      origin,
      answer: {},
      call: { via: "XMLHttpRequest", method: "PUT", body },
    },
    {
      name: `XMLHttpRequest, POST of ${body}, upload observed`,
      origin,
      answer: {},
      call: { via: "XMLHttpRequest", method: "POST", body, observeUpload: true },
    },
    // No more than 64 kB may be on their way by beacon.
    ...(body === "300 kB"
      ? []
      : [{ name: `beacon, ${body}`, origin, answer: {}, call: { via: "beacon", body } } as const]),
  ]),
);
