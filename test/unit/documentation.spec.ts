import { existsSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "@playwright/test";
import { documents, pathOf, snippetsOf, textOf } from "../snippets/snippets.ts";
import { tracked } from "./tracked-files.ts";

const withoutCode = (text: string): string => text.replaceAll(/^ *```[^]*?^ *```/gm, "");

/** Anchors as GitHub derives them from headings. */
const anchorsOf = (document: string): string[] =>
  [...withoutCode(textOf(document)).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );

const linksOf = (document: string): string[] =>
  [...withoutCode(textOf(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);

test("every link between documents of the repository leads to a file that exists, and to a heading in it", () => {
  const links = tracked
    .filter((path) => path.endsWith(".md"))
    .flatMap((document) => linksOf(document).map((link) => ({ document, link })))
    .filter(({ link }) => !/^\w+:/.test(link));
  expect(new Set(links.map(({ document }) => document)).size).toBeGreaterThan(15);
  for (const { document, link } of links) {
    const [path = "", anchor] = link.split("#");
    const target = path ? posix.join(posix.dirname(document), path) : document;
    expect(existsSync(pathOf(target)), `${document}: ${link}`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(target), `${document}: ${link}`).toContain(anchor);
  }
});

test("links lead from the front page to every page of the documentation", () => {
  const reached = new Set(["README.md"]);
  for (const document of reached) {
    for (const link of linksOf(document)) {
      const target = posix.join(posix.dirname(document), link.split("#")[0] ?? "");
      // A link to a folder leads to all of its pages.
      const pages = documents().filter((page) => page === target || posix.dirname(page) === target);
      for (const page of pages) reached.add(page);
    }
  }
  expect(documents().filter((document) => !reached.has(document))).toEqual([]);
});

test("the README is read in three minutes", () => {
  const text = textOf("README.md");
  const words = withoutCode(text)
    .replaceAll(/\]\([^)]*\)/g, "]")
    .split(/[\s|]+/)
    .filter((word) => /\w/.test(word));
  expect(text.trim().split("\n").length).toBeLessThanOrEqual(150);
  expect(words.length).toBeLessThanOrEqual(950);
});

test("every configuration of MSAL in documentation and examples says where users return to after a sign-out, and answers challenges", () => {
  const ofExamples = tracked
    .filter((path) => /^(?:examples|public)\/.+\.[jt]sx?$/.test(path))
    .map((place) => ({ place, code: textOf(place) }));
  const configurations = [...documents().flatMap(snippetsOf), ...ofExamples].filter(({ code }) =>
    code.includes("PublicClientApplication("),
  );
  expect(configurations.length).toBeGreaterThan(15);
  for (const { place, code } of configurations) {
    expect(code, place).toMatch(/postLogoutRedirectUri: redirect(?:Uri|Page)/);
    expect(code, place).toContain('clientCapabilities: ["CP1"]');
  }
});
