import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { BearerWorkerError, type BearerWorkerErrorCode } from "../../protocol/errors.ts";
import { pathOf, textOf } from "../snippets/snippets.ts";

const codes = [...textOf("protocol/errors.ts").matchAll(/^ *\| "(\w+)"/gm)].map(
  ([, code]) => code as BearerWorkerErrorCode,
);
const sections = new Map(
  textOf("docs/troubleshooting.md")
    .split(/^(?=##)/m)
    .map((section) => [/^### `(\w+)`$/m.exec(section)?.[1], section]),
);
sections.delete(undefined);

test("the sections of the document are the error codes, in their order", () => {
  expect(codes.length).toBeGreaterThan(15);
  expect([...sections.keys()]).toEqual(codes);
});

test("every section describes the error and its fix", () => {
  for (const [code, section] of sections) {
    const [happened = "", fix = ""] = section.split("**Fix:**");
    expect(happened.length, code).toBeGreaterThan(80);
    expect(fix.length, code).toBeGreaterThan(4);
  }
});

test("an error's message links to its section, in a file that the package contains", () => {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], {
    cwd: pathOf("."),
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
  });
  for (const code of codes) {
    const { message } = new BearerWorkerError(code, "Something is wrong");
    const [, file = "", anchor] = /\nSee bearer-worker\/(\S+)#(\w+)$/.exec(message) ?? [];
    expect(packed).toContain(`"path": "${file}"`);
    expect(textOf(file)).toContain(`\n### \`${anchor}\`\n`);
    expect(anchor).toBe(code);
  }
});
