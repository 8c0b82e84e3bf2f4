import { createHash } from "node:crypto";

export interface Signature {
  /** The version of the package that wrote the file. */
  readonly version: string;
  /** Whether the file is as it was written. */
  readonly intact: boolean;
}

/** Adds a last line that tells later runs, of any version, who wrote the file and whether it was changed since. */
export function sign(name: string, built: string, version: string): string {
  const text = `${built.trimEnd()}\n`;
  const line = `Written by bearer-worker ${version}, sha256 ${digest(text)}`;
  return `${text}${name.endsWith(".html") ? `<!-- ${line} -->` : `// ${line}`}\n`;
}

/** Reads that line; null when the file has none, so somebody else wrote it. */
export function readSignature(content: string): Signature | null {
  const [, text = "", version, written] =
    /^([^]*\n)(?:<!--|\/\/) Written by bearer-worker (\S+), sha256 ([0-9a-f]{16})(?: -->)?\s*$/.exec(
      withoutCarriageReturns(content),
    ) ?? [];
  return version === undefined ? null : { version, intact: digest(text) === written };
}

/** Git may check text out with other line ends. */
export const withoutCarriageReturns = (text: string): string => text.replaceAll("\r\n", "\n");

/** Tells an edit from none; it need not withstand anybody who edits on purpose. */
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
