import type { ServerResponse } from "node:http";

/** Answers with JSON that caches must not keep. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}
