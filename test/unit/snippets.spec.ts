import { existsSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { format } from "prettier";
import { compile, sourcesOf } from "../snippets/compile.ts";
import { documents, pathOf, snippetsOf, textOf } from "../snippets/snippets.ts";

/** The API reference is left out: its signatures come from the source, which is compiled anyway. */
const snippets = documents()
  .filter((document) => document !== "docs/api.md")
  .flatMap(snippetsOf);
/** Languages that a parser checks. The others stand for commands, output, HTTP messages and pictures. */
const READ = ["html", "css", "json", "yaml"];
const OTHER = ["sh", "text", "http", "mermaid"];

test("every snippet in the documentation names its language", () => {
  for (const { place, language } of snippets) {
    expect(["ts", "tsx", "js", ...READ, ...OTHER], place).toContain(language);
  }
  for (const language of ["ts", "js", "html"]) {
    expect(snippets.filter((snippet) => snippet.language === language).length).toBeGreaterThan(3);
  }
});

test("every snippet in the documentation compiles against the built package", () => {
  expect(existsSync(pathOf("dist/types/page/index.d.ts")), "npm run build").toBe(true);
  const sources = snippets.filter(({ asIn }) => !asIn).flatMap(sourcesOf);
  expect(compile(sources, test.info().outputPath("snippets"))).toEqual([]);
});

test("every snippet of HTML, CSS, JSON or YAML parses", async () => {
  for (const { place, language, code } of snippets) {
    if (READ.includes(language))
      await expect(format(code, { parser: language }), place).resolves.toBeTruthy();
  }
});

test("a snippet that is quoted from an example stands in that example", () => {
  expect(snippets.some(({ asIn }) => asIn)).toBe(true);
  for (const { place, asIn, code } of snippets) {
    if (asIn) expect(textOf(asIn), place).toContain(code.trim());
  }
});
