import { expect, test } from "@playwright/test";
import { describeResult, isClean } from "./report.ts";
import { runSoak } from "./run-soak.ts";
import { tallyOf } from "./tally.ts";

test("no request is lost, bare or sent twice while workers stop, pages reload and the provider goes away", async () => {
  test.setTimeout(240_000);

  const result = await runSoak({ milliseconds: 25_000, seed: 7, intensity: 1 });

  const { lost, bare, foreign, duplicated, answered, requests } = tallyOf(result.courses);
  expect({ lost, bare, foreign, duplicated }, describeResult(result)).toEqual({
    lost: 0,
    bare: 0,
    foreign: 0,
    duplicated: 0,
  });
  expect(isClean(result), describeResult(result)).toBe(true);
  // The result means something only if faults happened and most requests were answered.
  expect(result.faults.size).toBeGreaterThan(3);
  expect(result.courses.some(({ redispatched, outcome }) => redispatched > 0 || outcome === "stopped")).toBe(
    true,
  );
  expect(answered).toBeGreaterThan(requests / 2);
  expect(requests).toBeGreaterThan(100);
});
