import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A fenced block of code in the documentation. */
export interface Snippet {
  /** The document and line that it begins in, such as `docs/recipes.md:12`. */
  readonly place: string;
  /** The heading above it. */
  readonly heading: string;
  readonly language: string;
  /** The file that its first line names in a comment, if it does. */
  readonly file: string | null;
  readonly code: string;
  /** The file of this repository that the comment ahead of it names: `<!-- as in examples/… -->`. */
  readonly asIn: string | null;
}

const ROOT = new URL("../../", import.meta.url);

/** The front page and every page of docs/. */
export const documents = (): string[] => [
  "README.md",
  ...readdirSync(new URL("docs", ROOT), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`)
    .sort(),
];

export const pathOf = (file: string): string => fileURLToPath(new URL(file, ROOT));
export const textOf = (file: string): string => readFileSync(pathOf(file), "utf8");

const FENCE =
  /^(?: *<!-- as in (?<asIn>\S+) -->\n+)?(?<indent> *)```(?<language>\w*)\n(?<code>[^]*?)^ *```$/gm;
const HEADING = /^#+ (.+)$/gm;
/** The first line of a snippet that names a file, in a comment. */
const FILE = /^(?:\/\/|<!--) ([\w./-]+\.\w+)(?:: .+)?(?: -->)?$/;

export function snippetsOf(document: string): Snippet[] {
  const text = textOf(document);
  return [...text.matchAll(FENCE)].map(({ index, groups }) => {
    const {
      asIn = null,
      indent = "",
      language = "",
      code = "",
    } = groups as Record<string, string | undefined>;
    const above = text.slice(0, index);
    const lines = code.split("\n").map((line) => line.replace(indent, ""));
    return {
      place: `${document}:${above.split("\n").length}`,
      heading: [...above.matchAll(HEADING)].at(-1)?.[1] ?? "",
      language,
      file: FILE.exec(lines[0] ?? "")?.[1] ?? null,
      code: lines.join("\n"),
      asIn,
    };
  });
}
