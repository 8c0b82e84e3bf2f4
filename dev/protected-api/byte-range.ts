import type { Exchange } from "./operation.ts";
import { writeInPieces } from "./pieces.ts";

/** Both ends are included, as on the wire. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header against a representation of `size` bytes: the range, `"whole"` when there is none or one that a
 * server may ignore (several ranges, other units), or `"unsatisfiable"` for a 416.
 *
 * @see RFC 9110, section 14.1.2
 */
export function parseByteRange(
  header: string | undefined,
  size: number,
): ByteRange | "whole" | "unsatisfiable" {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return "whole";
  if (first === "") return suffix(Number(last), size);
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return "whole";
  return start < size ? { start, end } : "unsatisfiable";
}

function suffix(length: number, size: number): ByteRange | "unsatisfiable" {
  if (length === 0 || size === 0) return "unsatisfiable";
  return { start: Math.max(0, size - length), end: size - 1 };
}

/** A representation of which clients may ask for parts. */
export interface Representation {
  readonly type: string;
  readonly content: Buffer;
  /** A strong validator, with its quotes. */
  readonly etag: string;
}

/** Sends all of it, or the part that a Range header asks for, with pauses of `pauseMs` milliseconds. */
export async function sendRepresentation(
  { request, response }: Exchange,
  { type, content, etag }: Representation,
  pauseMs: number,
): Promise<void> {
  const ifRange = request.headers["if-range"];
  const asked = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = parseByteRange(asked, content.length);
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("ETag", etag);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "Content-Range": `bytes */${content.length}` }).end();
    return;
  }
  const { start, end } = range === "whole" ? { start: 0, end: content.length - 1 } : range;
  response.writeHead(range === "whole" ? 200 : 206, {
    "Content-Type": type,
    "Content-Length": end - start + 1,
    ...(range !== "whole" && { "Content-Range": `bytes ${start}-${end}/${content.length}` }),
  });
  const part = content.subarray(start, end + 1);
  await writeInPieces(response, part.length, (from, to) => part.subarray(from, to), pauseMs);
}
