import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "@playwright/test";
import { repository, tracked } from "./tracked-files.ts";

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
