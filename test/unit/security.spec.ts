import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const threatModel = read("../../docs/security.md");

/** Titles of tests as the source spells them, with placeholders such as `${key}`. */
const titlesIn = (file: string): string[] =>
  [...read(file).matchAll(/\btest\(\s*(["'`])(.+?)\1,/g)].map(([, , title]) => title ?? "");

/** The numbers in a cell such as "1, 14–16". */
const numbersIn = (cell: string): number[] =>
  cell.split(",").flatMap((part) => {
    const [first = NaN, last = first] = part.split("–").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

/** The sections with promises. Each has a table of promises, and a list of tests below the table. */
const sections = threatModel
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [title = ""] = section.split("\n", 1);
    const text = section.replace(/^## [^]*/m, "");
    const rows = [...text.matchAll(/^\|(.+)\|(.+)\|(.+)\|$/gm)].slice(2);
    return {
      title,
      promises: rows.map(([, promise = "", , tests = ""]) => ({
        promise: promise.trim(),
        tests: numbersIn(tests),
      })),
      listed: [...text.matchAll(/^(\d+)\. \[[^\]]+\]\(\.\.\/test\/[^)]+\)$/gm)].map(([, n]) => Number(n)),
    };
  });

for (const [page, least] of [
  ["security.md", 100],
  ["security-review.md", 8],
  ["several-apps.md", 1],
  ["other-workers.md", 1],
] as const) {
  test(`every test that docs/${page} names exists`, () => {
    const named = [...read(`../../docs/${page}`).matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+\.spec\.ts)\)/g)];
    expect(named.length).toBeGreaterThanOrEqual(least);
    for (const [, title = "", file = ""] of named) {
      expect(titlesIn(`../../${file}`), file).toContain(title);
    }
  });
}

test("every promise of the threat model has a test, and every test that is listed shows a promise", () => {
  expect(sections.length).toBeGreaterThan(5);
  for (const { title, promises, listed } of sections) {
    expect(listed, title).toEqual(listed.map((_, i) => i + 1));
    for (const { promise, tests } of promises) expect(tests.length, promise).toBeGreaterThan(0);
    const shown = new Set(promises.flatMap(({ tests }) => tests));
    expect(
      [...shown].sort((a, b) => a - b),
      title,
    ).toEqual(listed);
  }
});

test("the README links to the threat model and to the instructions for reports", () => {
  expect(read("../../README.md")).toContain("(docs/security.md)");
  expect(read("../../README.md")).toContain("(SECURITY.md)");
});

test("the instructions for reports leave the powers of pages of the same origin to the threat model", () => {
  expect(read("../../SECURITY.md")).toContain("(docs/security.md#pages-of-the-same-origin)");
});
