import { createHash } from "node:crypto";

/** Describes a body in a line: short texts as they are, others by length and digest, both without a form's boundary. */
export function describeBytes(bytes: Buffer, type = ""): string {
  const boundary = /boundary=(.+)/.exec(type)?.[1];
  const text = bytes.toString("latin1");
  const plain = boundary ? text.replaceAll(boundary, "boundary") : text;
  if (/^[ -~]{0,40}$/.test(plain)) return JSON.stringify(plain);
  const digest = createHash("sha256").update(plain, "latin1").digest("hex").slice(0, 12);
  return `${plain.length} bytes, ${digest}`;
}
