import { answerJson } from "./json-answer.ts";
import { writeInPieces } from "./pieces.ts";
import type { Access, Exchange, Operation } from "./operation.ts";

/** Operations that show how requests travel: whole, redirected, from a cache, or bit by bit. */
export function transfers(access: Access): Operation[] {
  return [
    { method: "any", path: "/media/echo", access, answer: confirm },
    { method: "any", path: "/media/redirect", access, answer: redirect },
    { method: "GET", path: "/media/cached", access, answer: sendCacheable },
    { method: "GET", path: "/media/download", access, answer: sendBytes },
  ];
}

function confirm({ request, response, body }: Exchange): void {
  answerJson(response, 200, { method: request.method, received: body });
}

/** Redirects to the URL of the query's `to`, with its `status` (302 by default). */
function redirect({ request, response }: Exchange): void {
  const query = queryOf(request);
  const status = Number(query.get("status") ?? 302);
  response.writeHead(status, { Location: query.get("to") ?? "/media/echo", "Cache-Control": "no-store" });
  response.end();
}

/** A response that caches may keep for a minute, with a validator. */
function sendCacheable({ request, response }: Exchange): void {
  const etag = '"cached-1"';
  response.setHeader("Cache-Control", "private, max-age=60");
  response.setHeader("ETag", etag);
  if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
  else response.writeHead(200, { "Content-Type": "text/plain" }).end("cacheable");
}

const PIECE = Buffer.alloc(65_536, "0123456789abcdef");

/** The number of bytes in the query's `bytes`, with its `pause` in milliseconds between two pieces of 64 kB. */
async function sendBytes({ request, response }: Exchange): Promise<void> {
  const query = queryOf(request);
  const bytes = Number(query.get("bytes") ?? 0);
  response.writeHead(200, {
    "Content-Type": "application/octet-stream",
    "Content-Length": bytes,
    "Cache-Control": "no-store",
  });
  await writeInPieces(
    response,
    bytes,
    (start, end) => PIECE.subarray(0, end - start),
    Number(query.get("pause") ?? 0),
  );
}

function queryOf(request: Exchange["request"]): URLSearchParams {
  return new URL(request.url ?? "/", "http://localhost").searchParams;
}
