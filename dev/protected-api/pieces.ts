import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";

const SIZE = 65_536;

/**
 * Writes a body of `bytes` bytes, no faster than the client takes it, and ends the response. Rejects when the client
 * leaves before that.
 *
 * @param piece gives the bytes from `start` up to, but not including, `end`
 * @param pauseMs milliseconds between two pieces
 */
export async function writeInPieces(
  response: ServerResponse,
  bytes: number,
  piece: (start: number, end: number) => Buffer,
  pauseMs = 0,
): Promise<void> {
  await pipeline(async function* () {
    for (let start = 0; start < bytes; start += SIZE) {
      yield piece(start, Math.min(start + SIZE, bytes));
      if (pauseMs > 0) await pause(pauseMs);
    }
  }, response);
}
