import { callerOf, type Access, type Exchange, type Operation } from "./operation.ts";

/** 276 bytes of WOFF2 with one glyph, the letter A, as wide as it is high. */
const FONT = Buffer.from(
  "d09GMgABAAAAAAEUAAoAAAAAAoQAAADMAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAABmAANAowQAE2AiQDCAsGAAQgBWYHIBvbAQCeBXY7" +
    "MjUOcufDTlp+MkR8tc/125ncXKdLodFYKl6DFTjHKlTQ/xtT9jKejCMhRymR6JA8dcGhk+O2QAI6EGUcCBThCWt+w9zGBIceIWr2o4tq" +
    "/GUrzQjscwROqEAAvCMYKDwowYN2RGvBaVnwwvIjAAZoDGyxBzSIdGdzuc7mdm2eMecEgvD99VWv+99WTfh9VxLULCgDhG1QU5w+Z2oi" +
    "GFrAQC5oHwJih4BhY6ekd+LOjbmGK29na/lAqsXWOMm7CLK+vGYWKgAA",
  "base64",
);

/** The resources of a page, one operation for each kind. Each resource shows the user of its token. */
export function subresources(access: Access): Operation[] {
  const get = (name: string, type: string, content: (caller: string) => string | Buffer): Operation => ({
    method: "GET",
    path: `/media/${name}`,
    access,
    answer: (exchange) => send(exchange, type, content),
  });
  const page: Operation = get("page", "text/html", pageOf);
  return [
    get("script", "text/javascript", (caller) => `globalThis.protectedScript = ${caller};`),
    get("module", "text/javascript", (caller) => `export default ${caller};`),
    get("worker", "text/javascript", (caller) => `postMessage(${caller});`),
    get(
      "shared-worker",
      "text/javascript",
      (caller) => `onconnect = ({ ports: [port] }) => port.postMessage(${caller});`,
    ),
    get("stylesheet", "text/css", () => ".protected { width: 17px; }"),
    get("font", "font/woff2", () => FONT),
    get("captions", "text/vtt", () => "WEBVTT\n\n00:00.000 --> 00:10.000\nProtected captions\n"),
    page,
    { ...page, method: "POST" },
    {
      ...page,
      path: "/media/attachment",
      answer(exchange) {
        exchange.response.setHeader("Content-Disposition", 'attachment; filename="protected.html"');
        return page.answer(exchange);
      },
    },
  ];
}

/** A page that shows its user and tells the other pages of its origin that it was shown. */
const pageOf = (caller: string): string => `<!doctype html>
<title>Protected</title>
<script>
  globalThis.protectedPage = { caller: ${caller}, query: location.search };
  new BroadcastChannel("protected-page").postMessage(protectedPage);
</script>
`;

function send(exchange: Exchange, type: string, content: (caller: string) => string | Buffer): void {
  exchange.response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" });
  exchange.response.end(content(JSON.stringify(callerOf(exchange))));
}
