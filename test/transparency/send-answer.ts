import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type Answer, bodyOf, pathOf, type Origin } from "./answer.ts";
import type { Gates } from "./gates.ts";

interface Sending {
  readonly id: string;
  readonly answer: Answer;
  readonly origins: Readonly<Record<Origin, string>>;
  readonly gates: Gates;
  /** Ends the connection. */
  readonly breakOff: () => void;
}

/** Sends the answer of a variant, at the variant's pace. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { id, answer, origins, gates, breakOff }: Sending,
): Promise<void> {
  const { delay = 0, pace, redirect, landing = {}, encoding } = answer;
  if (delay) await pause(delay);
  if (pace === "hold headers") await gates.released(id);
  if (pace === "break headers") {
    // If the connection ended without a byte, the browser might send the request again.
    request.socket.write("this is not HTTP\r\n\r\n", breakOff);
    return;
  }

  setHeaders(request, response, answer);
  if (redirect) response.setHeader("Location", origins[redirect] + pathOf(landing, id));
  if (encoding) response.setHeader("Content-Encoding", encoding.replace("broken ", ""));
  const etag = response.getHeader("etag");
  response.statusCode = etag && request.headers["if-none-match"] === etag ? 304 : (answer.status ?? 200);

  const body = encode(bodyOf(answer), encoding);
  const half = body.subarray(0, body.length / 2);
  switch (pace) {
    case "hold body":
      // Chromium reads the rest of an unwanted body to keep the connection, unless the connection closes.
      response.setHeader("Connection", "close");
      response.write(half);
      await gates.released(id);
      response.end(body.subarray(half.length));
      break;
    case "break body":
    case "break sized body":
      if (pace === "break sized body") response.setHeader("Content-Length", body.length);
      response.write(half);
      // The page has the headers when it releases the answer.
      await gates.released(id);
      breakOff();
      break;
    default:
      if ([204, 205, 304].includes(response.statusCode)) response.end();
      else response.setHeader("Content-Length", body.length).end(body);
  }
}

function setHeaders(request: IncomingMessage, response: ServerResponse, { headers = [] }: Answer): void {
  const path = request.url?.split("?")[0] ?? "/";
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  for (const name of new Set(headers.map(([name]) => name))) {
    const values = headers
      .filter(([other]) => other === name)
      .map(([, value]) => value.replace("{path}", path));
    if (values.join("") === "") response.removeHeader(name);
    else response.setHeader(name, values.length > 1 ? values : values.join(""));
  }
}

function encode(body: Buffer, encoding: Answer["encoding"]): Buffer {
  if (encoding === "gzip") return gzipSync(body);
  if (encoding === "br") return brotliCompressSync(body);
  return encoding === "deflate" ? deflateSync(body) : body;
}
