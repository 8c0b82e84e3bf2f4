import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Representation } from "./byte-range.ts";

const content = readFileSync(new URL("clip.webm", import.meta.url));

/** A short video without sound. */
export const CLIP: Representation = {
  type: "video/webm",
  content,
  etag: `"${createHash("sha256").update(content).digest("hex").slice(0, 16)}"`,
};
