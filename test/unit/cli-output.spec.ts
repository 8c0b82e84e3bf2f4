import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "@playwright/test";
import fc from "fast-check";
import { jsonLines, printer } from "../../cli/output.ts";
import { CONTROLS } from "./run-cli.ts";
import { repository, tracked } from "./tracked-files.ts";

function printed(...lines: string[]): string {
  const texts: string[] = [];
  printer((text) => texts.push(text))(...lines);
  return texts.join("\n");
}

const line = fc.string({ unit: "binary", maxLength: 40 });

test("no control character of any line is printed, and each line stays one line", () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const text = printed(...lines);
      expect(text).not.toMatch(CONTROLS);
      expect(text.split("\n")).toHaveLength(lines.length);
    }),
  );
  const every = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join("");
  expect(printed(every)).toMatch(/^[ -~\u00a0]*$/);
  expect(printed(every)).toContain("\\u001b");
  expect(printed(every)).toContain("\\u009b");
});

test("characters that reorder or break a line are escaped, and letters of every script are not", () => {
  expect(printed("a\u202eb\u2066c\u2028d\u200f")).toBe("a\\u202eb\\u2066c\\u2028d\\u200f");
  expect(printed("שלום, žluťoučký 漢字 ✓ 👩‍💻")).toBe("שלום, žluťoučký 漢字 ✓ 👩‍💻");
});

test("a value in JSON is read back as it was", () => {
  fc.assert(
    fc.property(fc.dictionary(line, fc.array(line)), (value) => {
      const text = printed(...jsonLines(value));
      expect(text).not.toMatch(CONTROLS);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("the command line reaches a terminal by the printer alone", () => {
  const writes =
    /\bconsole\b|\bprocess\s*\.\s*std(?:out|err)|\bemitWarning\b|\/dev\/tty|node:(?:tty|readline)/g;
  const found = tracked
    .filter((path) => path.startsWith("cli/"))
    .flatMap((path) =>
      Array.from(readFileSync(posix.join(repository, path), "utf8").split("\n"), (text) => ({
        path,
        text: text.trim(),
      })).filter(({ text }) => text.search(writes) >= 0),
    );

  expect(found).toEqual([
    { path: "cli/bearer-worker.ts", text: "const print = printer((text) => console.log(text));" },
    { path: "cli/bearer-worker.ts", text: "const printError = printer((text) => console.error(text));" },
  ]);
});
