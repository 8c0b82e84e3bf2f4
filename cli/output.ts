/**
 * Prints lines. A line break inside a line is escaped like any other control character: a server's header or the name of
 * a file cannot begin a line of its own.
 */
export type Print = (...lines: readonly string[]) => void;

/**
 * The only way out of the command line: nothing else in `cli/` writes to a stream.
 *
 * @param write writes a text and a line break
 */
export const printer =
  (write: (text: string) => void): Print =>
  (...lines) =>
    write(lines.map(printable).join("\n"));

/** Terminals act on the control characters of C0 and C1. The others reorder a line, or break it in some viewers. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** Replaces such characters by their escapes in JSON. In a JSON text they occur in strings only, so its value stays. */
const printable = (line: string): string =>
  line.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The lines of a value in JSON, as `--json` prints them. */
export const jsonLines = (value: unknown): string[] => JSON.stringify(value, null, 2).split("\n");
