import type { Answer, Origin } from "./answer.ts";
import type { Call, Variant } from "./variant.ts";

const STATUSES = [
  200, 201, 202, 203, 204, 205, 206, 299, 300, 304, 400, 401, 403, 404, 410, 416, 418, 429, 451, 500, 502,
  503, 599,
];
const TEXT = "naïve façade, 12 €";
const ENCODINGS: Readonly<Record<string, Answer>> = {
  gzip: { encoding: "gzip", repeat: 50 },
  br: { encoding: "br", repeat: 50 },
  deflate: { encoding: "deflate", repeat: 50 },
  "broken gzip": { encoding: "broken gzip" },
  "charset latin1": {
    charset: "latin1",
    body: TEXT,
    headers: [["Content-Type", "text/plain; charset=iso-8859-1"]],
  },
  "charset utf-16": {
    charset: "utf16le",
    body: TEXT,
    headers: [["Content-Type", "text/plain; charset=utf-16le"]],
  },
  "no charset": { body: TEXT, headers: [["Content-Type", "text/plain"]] },
  "byte order mark": { body: `\uFEFF${TEXT}` },
  "no Content-Type": { headers: [["Content-Type", ""]] },
  "two Content-Types": { headers: [["Content-Type", "text/html, application/json"]] },
  "empty body": { body: "", repeat: 0 },
  "300 kB": { repeat: 34_000 },
};
const HEADERS: Readonly<Record<string, Answer["headers"]>> = {
  "not exposed": [["X-Own", "value"]],
  exposed: [
    ["X-Own", "value"],
    ["Access-Control-Expose-Headers", "X-Own, ETag"],
    ["ETag", '"1"'],
  ],
  "all exposed": [
    ["X-Own", "value"],
    ["Access-Control-Expose-Headers", "*"],
  ],
  "sent twice": [
    ["X-Own", "one"],
    ["X-Own", "two"],
    ["Access-Control-Expose-Headers", "x-own"],
  ],
  "of cookies": [
    ["Set-Cookie", "one=1; Path={path}"],
    ["Set-Cookie", "two=2; Path={path}; HttpOnly"],
    ["Set-Cookie", "three=3; Path=/elsewhere"],
  ],
  "Server-Timing": [["Server-Timing", "db;dur=5"]],
  "Timing-Allow-Origin": [
    ["Timing-Allow-Origin", "*"],
    ["Server-Timing", "db;dur=5"],
  ],
  "Content-Disposition": [["Content-Disposition", 'attachment; filename="a.txt"']],
  "Cross-Origin-Resource-Policy same-origin": [["Cross-Origin-Resource-Policy", "same-origin"]],
  "Cross-Origin-Resource-Policy same-site": [["Cross-Origin-Resource-Policy", "same-site"]],
  "X-Content-Type-Options": [["X-Content-Type-Options", "nosniff"]],
  "WWW-Authenticate of another scheme": [["WWW-Authenticate", 'Negotiate, Digest realm="a"']],
  Vary: [
    ["Vary", "Accept, X-Own"],
    ["Cache-Control", "max-age=60"],
  ],
  "Location without a redirect": [["Location", "/elsewhere"]],
};
const RESPONSE_TYPES = ["", "text", "arraybuffer", "blob", "document", "json"] as const;
const ORIGINS: readonly Origin[] = ["site", "other"];

/** Kinds of answers, and ways to read them. */
export const RESPONSE_VARIANTS: readonly Variant[] = ORIGINS.flatMap((origin): Variant[] => [
  ...STATUSES.flatMap((status) => read(`status ${status}`, origin, { status })),
  ...Object.entries(ENCODINGS).flatMap(([name, answer]) => read(name, origin, answer)),
  ...Object.entries(HEADERS).flatMap(([name, headers = []]) => [
    ...read(`header ${name}`, origin, { headers }, name === "of cookies" || name === "Vary"),
    {
      name: `fetch, no-cors, header ${name}`,
      origin,
      answer: { headers },
      call: { via: "fetch", init: { mode: "no-cors", credentials: "include" } },
      primed: name === "of cookies",
    } satisfies Variant,
  ]),
  ...RESPONSE_TYPES.flatMap((responseType) =>
    [
      ["text/plain", TEXT],
      ["application/json", '{"a":[1,2]}'],
      ["text/html", "<title>a</title><p>b"],
      ["application/xml", "<a><b/></a>"],
    ].map(([type = "", body = ""]) => ({
      name: `XMLHttpRequest, responseType "${responseType}", ${type}`,
      origin,
      answer: { headers: [["Content-Type", type]], body } satisfies Answer,
      call: { via: "XMLHttpRequest", responseType } satisfies Call,
    })),
  ),
  {
    name: "XMLHttpRequest, overrideMimeType",
    origin,
    answer: { charset: "latin1", body: TEXT },
    call: { via: "XMLHttpRequest", overrideMimeType: "text/plain; charset=iso-8859-1" },
  },
  {
    name: "XMLHttpRequest, withCredentials, headers of its own",
    origin,
    answer: {},
    call: { via: "XMLHttpRequest", withCredentials: true, headers: [["x-OWN", "a"]] },
  },
  ...["PROPFIND", "REPORT", "HEAD", "DELETE", "OPTIONS"].map((method) => ({
    name: `XMLHttpRequest, method ${method}`,
    origin,
    answer: {},
    call: { via: "XMLHttpRequest", method } satisfies Call,
  })),
]);

function read(name: string, origin: Origin, answer: Answer, primed = false): Variant[] {
  return [
    {
      name: `fetch, ${name}`,
      origin,
      answer,
      call: { via: "fetch", init: { credentials: "include" } },
      primed,
    },
    {
      name: `XMLHttpRequest, ${name}`,
      origin,
      answer,
      call: { via: "XMLHttpRequest", withCredentials: true },
      primed,
    },
  ];
}
