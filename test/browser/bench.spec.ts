import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";

interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}
interface Result {
  readonly case: string;
  readonly subject: string;
  readonly median: number;
  readonly ratios: Readonly<Record<string, Ratio>>;
}

/** Runs `npm run bench` without the build before it. */
async function bench(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return await promisify(execFile)("npx", ["tsx", "bench/main.ts", ...args]);
}

test("The benchmark prints each subject's ratio to every other subject as JSON", async () => {
  const { stdout, stderr } = await bench("--only", "no-token", "--rounds", "1", "--json");
  const results = JSON.parse(stdout) as Result[];
  const subjects = results.map(({ subject }) => subject);
  expect(subjects).toEqual([
    "constant-header",
    "msal-pattern",
    "smallest-worker",
    "asking-worker",
    "bearer-worker",
  ]);
  for (const { subject, median, ratios, ...rest } of results) {
    expect(rest).toEqual({ case: "no-token" });
    expect(median).toBeGreaterThan(0);
    expect(Object.keys(ratios)).toEqual(subjects.filter((other) => other !== subject));
    for (const [other, ratio] of Object.entries(ratios)) {
      // With one round, all three are the ratio of the medians.
      const expected = median / (results.find((result) => result.subject === other)?.median ?? NaN);
      expect(ratio).toEqual({ median: expected, min: expected, max: expected });
    }
  }
  expect(stderr).toContain("no-token");
});

test("The benchmark lists its cases when asked for an unknown one", async () => {
  await expect(bench("--only", "nothing")).rejects.toMatchObject({
    stderr: expect.stringMatching(/There is no case "nothing".*unmatched.*matched.*cold.*growth/s),
  });
});
