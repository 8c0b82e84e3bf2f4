import { createHash } from "node:crypto";

/** A body in a line: short texts as they are, others by length and digest. The boundary of a form is no part of it. */
export function describeBytes(bytes: Buffer, type = ""): string {
  const boundary = /boundary=(.+)/.exec(type)?.[1];
  const text = bytes.toString("latin1");
  const plain = boundary ? text.replaceAll(boundary, "boundary") : text;
  if (/^[ -~]{0,40}$/.test(plain)) return JSON.stringify(plain);
  const digest = createHash("sha256").update(plain, "latin1").digest("hex").slice(0, 12);
  return `${plain.length} bytes, ${digest}`;
}
