import { spansOf } from "./source-text.ts";

/** A sentence of a text, and the line that it begins in. */
export interface Sentence {
  readonly line: number;
  readonly text: string;
}

/** A line of prose. An empty one ends a paragraph. */
interface Line {
  readonly line: number;
  readonly text: string;
}

/** Sentences in the comments of a source of TypeScript or JavaScript. */
export function sentencesOfComments(source: string): Sentence[] {
  const lineOf = lineCounter(source);
  const lines: Line[] = [];
  for (const { kind, start, end } of spansOf(source)) {
    if (kind !== "comment") continue;
    const first = lineOf(start);
    const isAlone = /(?:^|\n)[^\S\n]*$/.test(source.slice(Math.max(0, start - 200), start));
    // Lines of `//` below each other are one text. A comment after code is a text of its own.
    const goesOn = isAlone && source.startsWith("//", start) && lines.at(-1)?.line === first - 1;
    if (!goesOn) lines.push({ line: first, text: "" });
    lines.push(...proseOf(source.slice(start, end), first));
    if (!isAlone) lines.push({ line: first, text: "" });
  }
  return sentencesOf(lines);
}

/** Titles in a spec: the first argument of `test()`, `test.describe()` and `test.step()`. */
export function sentencesOfTitles(source: string): Sentence[] {
  const lineOf = lineCounter(source);
  return spansOf(source)
    .filter(({ kind }) => kind === "string" || kind === "template")
    .filter(({ start }) =>
      /(?<![.\w])test(?:\.\w+)*\(\s*$/.test(source.slice(Math.max(0, start - 60), start)),
    )
    .flatMap(({ start, end }) => {
      const text = source.slice(start + 1, end - 1).replace(/\$\{[^}]*\}/g, "…");
      return sentencesOf([{ line: lineOf(start), text: text.replace(/\\(.)/g, "$1") }]);
    });
}

/** Headings, paragraphs, items of lists, and full sentences in the cells of tables. */
export function sentencesOfMarkdown(document: string): Sentence[] {
  const prose = document
    .replace(/<!--[^]*?-->|^ *```[^]*?^ *```$/gm, (hidden) => hidden.replace(/[^\n]/g, ""))
    .replace(/\[([^\]]*)\]\([^)\n]*\)/g, "$1")
    // Marks of emphasis.
    .replace(/\*\*|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)/g, "");
  return sentencesOf(
    prose.split("\n").flatMap((text, i) => {
      if (!text.startsWith("|")) return linesOf(text, i + 1);
      const cells = text.split("|").map((cell) => cell.trim());
      return cells.filter((cell) => /[.?!]$/.test(cell)).flatMap((cell) => linesOf(`- ${cell}`, i + 1));
    }),
  );
}

/**
 * The opening words that hide a subject: the reader learns who or what acts only at the end of the sentence, or not at all.
 * A conjunction ahead of the word does not change that.
 */
const HIDDEN_SUBJECT =
  /^(?:(?:and|but|so|or|yet|then|only|even|just),? )?(?:what|whatever|who|whoever|whichever|where|nobody|those|none|somebody)\b/i;

/** Whether a sentence opens with one of the words that hide its subject. A question may. */
export const hidesSubject = ({ text }: Sentence): boolean =>
  HIDDEN_SUBJECT.test(text) && !/\?["'”)\]]*$/.test(text);

/** Counts lines up to an index. Indices have to ascend. */
function lineCounter(source: string): (index: number) => number {
  let line = 1;
  let position = source.indexOf("\n");
  return (index) => {
    for (; position >= 0 && position < index; position = source.indexOf("\n", position + 1)) line += 1;
    return line;
  };
}

/** Prose of a comment, without its marks and examples of code. */
function proseOf(comment: string, first: number): Line[] {
  let isCode = false;
  return comment
    .replace(/^\/\*+|\*+\/$/g, "")
    .split("\n")
    .flatMap((line, i) => {
      const text = line.replace(/^\s*(?:\/\/+|\*)?/, "");
      const isFence = text.trimStart().startsWith("```");
      if (isFence) isCode = !isCode;
      return linesOf(isCode || isFence ? "" : text, first + i);
    });
}

/** Headings, items of lists and tags of a docstring are paragraphs of their own. */
const MARK =
  /^\s*(?:#+\s+|[-*+]\s+|\d+\.\s+|@(?:param|property)\s+(?:\{.*?\}+\s*)?\S+\s*(?:-\s+)?|@\w+\s*(?:\{.*?\}+\s*)?)/;

function linesOf(text: string, line: number): Line[] {
  const content = text.replace(MARK, "").trim();
  const blank: Line = { line, text: "" };
  if (!MARK.test(text)) return [{ line, text: content }];
  return text.startsWith("#") ? [blank, { line, text: content }, blank] : [blank, { line, text: content }];
}

const END_OF_SENTENCE = /(?<=[.?!]["'”`)\]]*)\s+(?=["'“`([]*\p{Lu}|["'“([]*`)/u;

/** Joins lines to paragraphs, and splits these into sentences. */
function sentencesOf(lines: readonly Line[]): Sentence[] {
  const paragraphs: Line[][] = [[]];
  for (const line of lines) {
    if (line.text) paragraphs.at(-1)?.push(line);
    else paragraphs.push([]);
  }
  return paragraphs.flatMap((paragraph) => {
    const text = paragraph.map((line) => line.text).join("\n");
    let position = 0;
    return text.split(END_OF_SENTENCE).flatMap((sentence) => {
      position = text.indexOf(sentence, position);
      const above = text.slice(0, position).split("\n").length - 1;
      const { line } = paragraph[above] ?? {};
      return line ? [{ line, text: sentence.replace(/\s+/g, " ").replace(/^[([]+/, "") }] : [];
    });
  });
}
