import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import { read } from "./import-graph.ts";
import { repository, tracked } from "./tracked-files.ts";

/** Files that every reader knows or that a tool expects at the top. */
const WITHOUT_A_LINE =
  /^(?:\.editorconfig|\.gitattributes|\.gitignore|\.npmrc|\.prettierrc\.json|LICENSE|(?:CHANGELOG|README|SECURITY)\.md|package(?:-lock)?\.json)$/;

test("the README's map of the repository names exactly the entries at its top", () => {
  const [, map = ""] = /\n## The repo\n([^]*?)\n## /.exec(read("README.md")) ?? [];
  const named = [...map.matchAll(/^\| (.+?) +\|/gm)]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)])
    .map(([, entry = ""]) => entry.replace(/\/.*$/, ""));
  const there = [...new Set(tracked.map((path) => path.split("/")[0] ?? ""))];

  const pattern = (name: string): RegExp => new RegExp(`^${name.replaceAll(".", "\\.").replace("*", ".*")}$`);
  const unnamed = there.filter(
    (entry) => !WITHOUT_A_LINE.test(entry) && !named.some((name) => pattern(name).test(entry)),
  );
  expect(unnamed).toEqual([]);
  expect(named.filter((name) => !there.some((entry) => pattern(name).test(entry)))).toEqual([]);
});

test("git checks every text file out with the line ends that Prettier wants, on every system", () => {
  const listed = execFileSync("git", ["ls-files", "--eol"], { cwd: repository, encoding: "utf8" });
  const files = listed.trimEnd().split("\n");

  expect(files.length).toBeGreaterThan(700);
  expect(
    files.filter((line) => !/^i\/(?:lf|none) .*\beol=lf\b|^i\/-text .* attr\/-text\b/.test(line)),
  ).toEqual([]);
});

test("a tag is published only if it is the version and the newest entry of the changelog", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const check = (tag: string) => {
    const { status, stderr } = spawnSync(process.execPath, ["dev/check-release.mjs", tag], {
      cwd: repository,
      encoding: "utf8",
    });
    return { status, stderr };
  };
  expect(check("1.2")).toEqual({
    status: 1,
    stderr: expect.stringContaining('"1.2" is no tag of a release'),
  });
  expect(check("v99.0.0")).toEqual({
    status: 1,
    stderr: expect.stringContaining(`The tag is v99.0.0, and package.json has version ${version}`),
  });
  const released = new RegExp(`^## ${version.replaceAll(".", "\\.")} - \\d{4}-\\d{2}-\\d{2}$`, "m");
  const isNewest = released.exec(/^## .*$/m.exec(read("CHANGELOG.md"))?.[0] ?? "") !== null;
  expect(check(`v${version}`).status).toBe(isNewest ? 0 : 1);
});
