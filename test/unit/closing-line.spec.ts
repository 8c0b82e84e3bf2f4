import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type TestInfo } from "@playwright/test";
import { repository } from "./tracked-files.ts";

const IMPORT = `import { expect, test } from "@playwright/test";\n`;

/** Runs Playwright on one file of tests. Gives the exit code and the last lines of its output. */
function run(info: TestInfo, tests: string): { status: number | null; lines: string[] } {
  const directory = info.outputPath("suite");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "some.spec.ts"), IMPORT + tests);
  const reporter = join(repository, "test/closing-line-reporter.ts");
  writeFileSync(
    join(directory, "playwright.config.ts"),
    `export default { testDir: ".", outputDir: "results", retries: 1, workers: 1, reporter: [[${JSON.stringify(reporter)}]] };`,
  );
  const playwright = join(repository, "node_modules/@playwright/test/cli.js");
  const { status, stdout } = spawnSync(process.execPath, [playwright, "test", "--config", directory], {
    encoding: "utf8",
    // The suite runs in a process of its own, and not as a part of this test.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(?:PW|TEST|PLAYWRIGHT)_/.test(name)),
    ),
  });
  return { status, lines: stdout.trimEnd().split("\n") };
}

test("the last line of a run counts the tests that passed and failed, and none that was skipped", ({}, info) => {
  const { status, lines } = run(
    info,
    `test("passes", () => {}); test("fails", () => expect(1).toBe(2)); test.skip("is skipped", () => {});`,
  );
  expect(lines.at(-1)).toBe("1 passed, 1 failed");
  expect(status).toBe(1);
});

test("a file of tests that cannot be loaded counts as a failure", ({}, info) => {
  const { status, lines } = run(info, `throw new Error("This file cannot be loaded");`);
  // Playwright reports a second error where this leaves no test at all.
  expect(lines.at(-1)).toMatch(/^0 passed, [12] failed$/);
  expect(status).toBe(1);
});

test("a test that passes in its second try has passed, and the line before the last says so", ({}, info) => {
  const { status, lines } = run(
    info,
    `test("is flaky", ({}, info) => expect(info.retry).toBe(1)); test("passes", () => {});`,
  );
  expect(lines.slice(-2)).toEqual(["1 passed in a second try only", "2 passed, 0 failed"]);
  expect(status).toBe(0);
});
