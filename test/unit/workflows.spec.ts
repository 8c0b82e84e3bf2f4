import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "@playwright/test";
import { repository, tracked } from "./tracked-files.ts";

const workflow = (name: string): string =>
  readFileSync(posix.join(repository, ".github/workflows", name), "utf8");

test("CI checks the oldest version of Node.js that the package supports, and the version that publishes it", () => {
  const { engines } = JSON.parse(readFileSync(posix.join(repository, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  const [, publishes] = /node-version: (\d+)/.exec(workflow("release.yml")) ?? [];

  expect(workflow("ci.yml")).toContain(`node: [${engines.node.replace(">=", "")}, ${publishes}]`);
});

const PINNED = /^\s*(?:- )?uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

test("every action of a workflow is pinned by its commit, with its version beside it", () => {
  const steps = tracked
    .filter((path) => /^\.github\/workflows\/.*\.ya?ml$/.test(path))
    .flatMap((path) =>
      readFileSync(posix.join(repository, path), "utf8")
        .split("\n")
        .filter((line) => /^\s*(?:- )?uses:/.test(line))
        .map((line) => ({ path, line })),
    );

  expect(steps.length).toBeGreaterThan(4);
  expect(steps.filter(({ line }) => !PINNED.test(line))).toEqual([]);
});
