import { createHash } from "node:crypto";

export interface Signature {
  /** The version of the package that wrote the file. */
  readonly version: string;
  /** Whether the file is as it was written. */
  readonly intact: boolean;
}

/** Adds a last line by which later runs, of any version, see the writing version and any change since. */
export function sign(name: string, built: string, version: string): string {
  const text = `${built.trimEnd()}\n`;
  const line = `Written by bearer-worker ${version}, sha256 ${digest(text)}`;
  return `${text}${name.endsWith(".html") ? `<!-- ${line} -->` : `// ${line}`}\n`;
}

/** The version is printed, and a server may have written it. */
const SIGNATURE = /^(?:<!--|\/\/) Written by bearer-worker ([\w.+-]{1,64}), sha256 ([0-9a-f]{16})(?: -->)?$/;

/** Reads that line; null when the file has none, because bearer-worker did not write it. */
export function readSignature(content: string): Signature | null {
  const text = withoutCarriageReturns(content).trimEnd();
  const start = text.lastIndexOf("\n") + 1;
  const [, version, written] = SIGNATURE.exec(text.slice(start)) ?? [];
  if (start === 0 || version === undefined) return null;
  return { version, intact: digest(text.slice(0, start)) === written };
}

/** Git may check out text files with other line ends. */
export const withoutCarriageReturns = (text: string): string => text.replaceAll("\r\n", "\n");

/** Detects an edit. It need not withstand a deliberate forgery. */
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
