import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";

/** A resource server whose answers depend on the path alone. It takes any token, and none. CORS lets the site's pages in. */
export interface XhrServer {
  readonly origin: string;
  /** The requests that arrived, without preflights. */
  readonly received: readonly Received[];
  /** Paths of preflights. */
  readonly preflights: readonly string[];
  /** Breaks off the answers at `/refused-in-part` and `/in-part`. */
  breakOff(): void;
  /** Ends the answers at `/refused-in-part` and `/in-part` as they should. */
  complete(): void;
  close(): Promise<void>;
}

interface Received {
  readonly path: string;
  readonly method: string;
  readonly authorization: string | null;
  readonly body: string;
}

const CHALLENGE = 'Bearer error="invalid_token"';

export async function openXhrServer(): Promise<XhrServer> {
  const listener = await listenOnLoopback(0);
  const received: Received[] = [];
  const preflights: string[] = [];
  const partly = new Set<ServerResponse>();

  /** Begins an answer of 20 bytes. */
  const begin = (response: ServerResponse, status: number): void => {
    partly.add(response);
    response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": "20" });
    response.write("0123456789");
  };
  const answer = (path: string, entry: Received, response: ServerResponse): unknown => {
    const isFirst = received.filter((other) => other.path === entry.path).length === 1;
    switch (path) {
      case "/refused-once":
        if (isFirst) return refuse(response, 401).end("a refusal");
        return response.end(`got ${entry.body}`);
      case "/refused":
        return refuse(response, 401).end("a refusal");
      case "/refused-in-part":
        return begin(refuse(response, 401), 401);
      case "/in-part":
        return begin(response, 200);
      case "/status-999":
        return response.writeHead(999).end("a status of its own");
      case "/document":
        return response.setHeader("Content-Type", "application/xml").end("<list><item/></list>");
      case "/dropped":
        return response.socket?.destroy();
      case "/late":
        return undefined;
      default:
        return response.end(`got ${entry.body}`);
    }
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "";
    allow(request, response);
    if (request.method === "OPTIONS") {
      preflights.push(path);
      response.writeHead(204).end();
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const entry: Received = {
      path,
      method: request.method ?? "",
      authorization: request.headers.authorization ?? null,
      body: Buffer.concat(pieces).toString(),
    };
    received.push(entry);
    answer(path.replace(/\?.*/, ""), entry, response);
  };
  const endAll = (end: (response: ServerResponse) => unknown): void => {
    for (const response of partly) end(response);
    partly.clear();
  };

  listener.serve((request, response) => void handle(request, response));
  return {
    origin: listener.origin,
    received,
    preflights,
    breakOff: () => endAll((response) => response.socket?.destroy()),
    complete: () => endAll((response) => response.end("0123456789")),
    close: () => listener.close(),
  };
}

function refuse(response: ServerResponse, status: number): ServerResponse {
  response.statusCode = status;
  return response.setHeader("WWW-Authenticate", CHALLENGE);
}

function allow(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
  response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Access-Control-Allow-Methods", "GET, POST");
  response.setHeader("Access-Control-Allow-Headers", "Authorization, X-Trace");
  response.setHeader("Access-Control-Expose-Headers", "WWW-Authenticate");
  response.setHeader("Access-Control-Max-Age", "0");
  response.setHeader("Content-Type", "text/plain");
  // Chromium would wait for more bytes to find out their type.
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-store");
}
