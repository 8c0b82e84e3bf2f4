import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The attack on the visitor. */
export type Mode =
  /** Controls a terminal by the version in the worker's signature. */
  | "signature"
  /** Controls a terminal by the headers that `doctor` prints. */
  | "headers"
  /** Sends tags that never end. */
  | "open-tags"
  /** Sends comments that never end. */
  | "open-comments"
  /** Sends formatting elements that each paragraph repeats. */
  | "multiplying"
  /** Sends bodies without an end. */
  | "flood"
  /** Has thousands of scripts in its redirect page. */
  | "many-scripts"
  /** Has scripts of `elsewhere` in its redirect page. */
  | "scripts-elsewhere"
  /** Has a `<base>` of `elsewhere` in its redirect page. */
  | "base-elsewhere"
  /** Redirects everything to `elsewhere`. */
  | "redirects-elsewhere"
  /** Redirects everything to itself. */
  | "redirects-forever"
  /** Sends one byte now and then. */
  | "trickle";

export interface HostileSite {
  readonly origin: string;
  /** The paths and queries of the requests, in order. */
  readonly received: readonly string[];
  /** Resolves when no answer is being sent any more, with the bytes that were sent. */
  settled(): Promise<number>;
  close(): void;
}

/** Sequences that a terminal obeys: OSC 52 writes the clipboard, and C1 needs no ESC. */
const CONTROLS = "\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u007f\u0085\u009b31m\u009d0;title\u009c";

/** Starts such a site on a free port. `elsewhere` is the origin that some attacks lead to. */
export async function startHostileSite(mode: Mode, elsewhere = ""): Promise<HostileSite> {
  const received: string[] = [];
  const closings: Promise<unknown>[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    received.push(request.url ?? "");
    closings.push(once(response, "close"));
    response.setHeader("Cache-Control", "no-cache");
    answer(mode, elsewhere, request, response, (bytes) => {
      sent += bytes;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    settled: async () => {
      await Promise.all(closings);
      return sent;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(
  mode: Mode,
  elsewhere: string,
  request: IncomingMessage,
  response: ServerResponse,
  count: (bytes: number) => void,
): void {
  const { pathname } = new URL(request.url ?? "", "http://site.example");
  const isRedirectPage = pathname === "/bearer-redirect.html";
  const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
  const page = "<!doctype html><title>page</title>";
  const send = (body: string): void => {
    response.writeHead(200, { "Content-Type": type }).end(body);
  };
  switch (mode) {
    case "signature":
      return send(pathname.endsWith(".js") ? signed() : page);
    case "headers":
      return sendHeaders(pathname, response);
    case "open-tags":
      return send(type === "text/html" ? "<a".repeat(500_000) : "");
    case "open-comments":
      return send(type === "text/html" ? "<!--".repeat(250_000) : "");
    case "multiplying":
      return send(
        type === "text/html" ? Array.from({ length: 70_000 }, (_, i) => `<p><b id=${i}>`).join("") : "",
      );
    case "flood":
      return flood(type, response, count);
    case "many-scripts":
      return send(
        isRedirectPage
          ? scripts(["/bearer-redirect.js", ...Array.from({ length: 3_000 }, (_, i) => `/s${i}.js`)])
          : page,
      );
    case "scripts-elsewhere":
      return send(
        isRedirectPage ? scripts([`${elsewhere}/bearer-redirect.js?all=1`, "//localhost:9/"]) : page,
      );
    case "base-elsewhere":
      return send(
        isRedirectPage ? `<base href="${elsewhere}/admin/">${scripts(["bearer-redirect.js?all=1"])}` : page,
      );
    case "redirects-elsewhere":
      response.writeHead(307, { Location: `${elsewhere}${request.url}` }).end();
      return;
    case "redirects-forever":
      response.writeHead(307, { Location: `${pathname}?${Math.random()}` }).end();
      return;
    case "trickle":
      response.writeHead(200, { "Content-Type": type });
      trickle(response);
      return;
  }
}

/** A signature that is valid but for its version, under which a terminal would show a success. */
function signed(): string {
  const text = "// hello\n";
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return `${text}// Written by bearer-worker ${CONTROLS}\u001b[32mALL\u001b[CPASSED, sha256 ${digest}\n`;
}

/** The value of a header may hold C1 characters as bytes of Latin-1, and no others of these. */
function sendHeaders(pathname: string, response: ServerResponse): void {
  response
    .writeHead(200, {
      "Content-Type": pathname === "/" ? "text/html" : "text/html\u009b31mRED\u009b0m \u009b2J\u0085",
      "X-Frame-Options": "\u009b2J, deny",
      "Cross-Origin-Embedder-Policy": "\u009b2Jrequire",
      "Cross-Origin-Opener-Policy": `\u009b2J${"same".repeat(1_000)}`,
    })
    .end(pathname);
}

const scripts = (paths: readonly string[]): string =>
  `<!doctype html>${paths.map((path) => `<script src="${path}"></script>`).join("")}`;

function flood(type: string, response: ServerResponse, count: (bytes: number) => void): void {
  response.writeHead(200, { "Content-Type": type });
  const piece = Buffer.alloc(65_536, "a");
  const more = (): void => {
    do count(piece.length);
    while (response.write(piece));
  };
  response.on("drain", more);
  more();
}

function trickle(response: ServerResponse): void {
  response.write("a");
  const timer = setInterval(() => response.write("a"), 20);
  response.once("close", () => clearInterval(timer));
}
