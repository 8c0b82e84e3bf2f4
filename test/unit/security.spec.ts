import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** Titles of tests as the source spells them, with placeholders such as `${key}`. */
const titlesIn = (file: string): string[] =>
  [...read(file).matchAll(/\btest\(\s*(["'`])(.+?)\1,/g)].map(([, , title]) => title ?? "");

for (const [page, least] of [
  ["security.md", 26],
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

test("the README links to the threat model and to the instructions for reports", () => {
  expect(read("../../README.md")).toContain("(docs/security.md)");
  expect(read("../../README.md")).toContain("(SECURITY.md)");
});
