import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseByteRange } from "./byte-range.ts";
import type { Exchange } from "./operation.ts";

const CLIP = readFileSync(new URL("clip.webm", import.meta.url));
const ETAG = `"${createHash("sha256").update(CLIP).digest("hex").slice(0, 16)}"`;

/** Sends the video, or the part that a Range header asks for. */
export function sendClip({ request, response }: Exchange): void {
  const ifRange = request.headers["if-range"];
  const asked = ifRange === undefined || ifRange === ETAG ? request.headers.range : undefined;
  const range = parseByteRange(asked, CLIP.length);
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("ETag", ETAG);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "Content-Range": `bytes */${CLIP.length}` }).end();
    return;
  }
  const { start, end } = range === "whole" ? { start: 0, end: CLIP.length - 1 } : range;
  const part = { "Content-Range": `bytes ${start}-${end}/${CLIP.length}` };
  response.writeHead(range === "whole" ? 200 : 206, {
    "Content-Type": "video/webm",
    "Content-Length": end - start + 1,
    ...(range !== "whole" && part),
  });
  response.end(CLIP.subarray(start, end + 1));
}
