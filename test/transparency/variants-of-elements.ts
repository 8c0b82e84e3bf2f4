import { type Answer, CORS, type Cors, type Origin } from "./answer.ts";
import type { Variant } from "./variant.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"/>';
const typed = (type: string, body: string): Answer => ({ headers: [["Content-Type", type]], body });
const PICTURE = typed("image/svg+xml", SVG);
const SCRIPT = typed("text/javascript", "document.currentScript.dataset.ran = 'é'");
const MODULE = typed("text/javascript", "export const ran = 'yes'");
const THROWING = typed("text/javascript", "throw new Error('thrown')");
const STYLE = typed("text/css", ".variant { color: rgb(1, 2, 3) }");
const EVENTS = typed(
  "text/event-stream",
  "retry: 10\nid: 7\ndata: one\n\nevent: own\ndata: two\ndata: lines\n\n",
);
const WORKER = typed("text/javascript", "postMessage('ran')");

const ORIGINS: readonly Origin[] = ["site", "other", "far"];
const CROSSORIGIN = [undefined, "anonymous", "use-credentials"];

interface Kind {
  readonly tag: string;
  readonly answer: Answer;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Whether the element can ask with CORS. */
  readonly crossorigin?: true;
}
const KINDS: Readonly<Record<string, Kind>> = {
  "<img>": { tag: "img", answer: PICTURE, crossorigin: true },
  "<script>": { tag: "script", answer: SCRIPT, crossorigin: true },
  "<script> that throws": { tag: "script", answer: THROWING, crossorigin: true },
  "<script type=module>": {
    tag: "script",
    answer: MODULE,
    attributes: { type: "module" },
    crossorigin: true,
  },
  "<link rel=stylesheet>": {
    tag: "link",
    answer: STYLE,
    attributes: { rel: "stylesheet" },
    crossorigin: true,
  },
  "<link rel=preload as=image>": {
    tag: "link",
    answer: PICTURE,
    attributes: { rel: "preload", as: "image" },
  },
  "<link rel=preload as=fetch crossorigin>": {
    tag: "link",
    answer: {},
    attributes: { rel: "preload", as: "fetch", crossorigin: "anonymous" },
  },
  "<link rel=modulepreload>": { tag: "link", answer: MODULE, attributes: { rel: "modulepreload" } },
  "<link rel=prefetch>": { tag: "link", answer: {}, attributes: { rel: "prefetch" } },
  "<iframe>": { tag: "iframe", answer: typed("text/html", "<p>framed") },
  "<object>": { tag: "object", answer: PICTURE, attributes: { type: "image/svg+xml" } },
  "<embed>": { tag: "embed", answer: PICTURE, attributes: { type: "image/svg+xml" } },
  "<audio> of something else": { tag: "audio", answer: {} },
  "<input type=image>": { tag: "input", answer: PICTURE, attributes: { type: "image" } },
};

/** Requests that elements of the page make by themselves. */
export const ELEMENT_VARIANTS: readonly Variant[] = [
  ...Object.entries(KINDS).flatMap(([name, { tag, answer, attributes = {}, crossorigin }]) =>
    (crossorigin ? CROSSORIGIN : [undefined]).flatMap((value) =>
      ORIGINS.flatMap((origin) =>
        readersOf(origin).map((cors): Variant => ({
          name: `${name}${value ? ` crossorigin=${value}` : ""}, readable by ${cors}`,
          origin,
          answer: { ...answer, cors },
          call: { via: "element", tag, attributes: { ...attributes, ...(value && { crossorigin: value }) } },
        })),
      ),
    ),
  ),
  ...ORIGINS.flatMap((origin): Variant[] => [
    ...[404, 500, 204, 401].map((status): Variant => ({
      name: `<img>, status ${status}`,
      origin,
      answer: { ...PICTURE, status },
      call: { via: "element", tag: "img" },
    })),
    ...[404, 500].map((status): Variant => ({
      name: `<script>, status ${status}`,
      origin,
      answer: { ...SCRIPT, status },
      call: { via: "element", tag: "script" },
    })),
    {
      name: "<script> with wrong integrity",
      origin,
      answer: SCRIPT,
      call: {
        via: "element",
        tag: "script",
        attributes: {
          integrity: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
          crossorigin: "anonymous",
        },
      },
    },
    {
      name: "<script> with the wrong type, nosniff",
      origin,
      answer: { body: "1", headers: [["X-Content-Type-Options", "nosniff"]] },
      call: { via: "element", tag: "script" },
    },
    {
      name: "<script> with the wrong type, nosniff, which the page may read",
      origin,
      answer: {
        body: "1",
        headers: [
          ["X-Content-Type-Options", "nosniff"],
          ["Access-Control-Expose-Headers", "X-Content-Type-Options"],
        ],
      },
      call: { via: "element", tag: "script" },
    },
    {
      name: "<img referrerpolicy=no-referrer>",
      origin,
      answer: PICTURE,
      call: { via: "element", tag: "img", attributes: { referrerpolicy: "no-referrer" } },
    },
    {
      name: "<img loading=lazy fetchpriority=high>",
      origin,
      answer: PICTURE,
      call: { via: "element", tag: "img", attributes: { loading: "lazy", fetchpriority: "high" } },
    },
    {
      name: "<script charset> of another charset",
      origin,
      answer: { ...SCRIPT, charset: "latin1" },
      call: { via: "element", tag: "script", attributes: { charset: "iso-8859-1" } },
    },
    {
      name: "EventSource, two messages, then again",
      origin,
      answer: EVENTS,
      call: { via: "EventSource", messages: 4 },
    },
    {
      name: "EventSource, withCredentials",
      origin,
      answer: EVENTS,
      call: { via: "EventSource", withCredentials: true, messages: 2 },
    },
    { name: "EventSource of something else", origin, answer: {}, call: { via: "EventSource", messages: 1 } },
    {
      name: "EventSource, status 204",
      origin,
      answer: { ...EVENTS, status: 204 },
      call: { via: "EventSource", messages: 1 },
    },
    { name: "import()", origin, answer: MODULE, call: { via: "import" } },
    { name: "font that is none", origin, answer: typed("font/woff2", "no font"), call: { via: "font" } },
  ]),
  { name: "new Worker()", origin: "site", answer: WORKER, call: { via: "worker", type: "classic" } },
  { name: "new Worker(), module", origin: "site", answer: WORKER, call: { via: "worker", type: "module" } },
];

/** The page's own origin needs no CORS. */
function readersOf(origin: Origin): readonly Cors[] {
  return origin === "site" ? ["pages"] : CORS;
}
