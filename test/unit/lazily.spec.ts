import { expect, test } from "@playwright/test";
import { lazily, preload } from "../../page/lazily.ts";
import { settle } from "./manual-clock.ts";

/** A part whose loads end one by one, as the test says. */
function partLoadedBy(...outcomes: (string | Error)[]) {
  let loads = 0;
  const part = lazily(async () => {
    const outcome = outcomes[loads++];
    await settle();
    if (typeof outcome === "string") return outcome;
    throw outcome ?? new Error("There was one load too many.");
  });
  return { part, loads: () => loads };
}

test("a part is not loaded before it is asked for", () => {
  expect(partLoadedBy("part").loads()).toBe(0);
});

test("a part is loaded once, for callers at the same time and for later ones", async () => {
  const { part, loads } = partLoadedBy("part");
  expect(await Promise.all([part(), part()])).toEqual(["part", "part"]);
  expect(await part()).toBe("part");
  expect(loads()).toBe(1);
});

test("a failed load fails for every caller that waits for it, and the next caller loads anew", async () => {
  const { part, loads } = partLoadedBy(new Error("The file is gone."), "part");
  const outcomes = await Promise.allSettled([part(), part()]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(loads()).toBe(1);
  expect(await part()).toBe("part");
  expect(await part()).toBe("part");
  expect(loads()).toBe(2);
});

test("a part that is loaded ahead of its need waits for its turn, and is not loaded again", async () => {
  const { part, loads } = partLoadedBy("part");
  preload(part);
  expect(loads()).toBe(0);
  await expect.poll(loads).toBe(1);
  expect(await part()).toBe("part");
  expect(loads()).toBe(1);
});

test("a load ahead of its need that fails is reported by the next caller's own load alone", async () => {
  const { part, loads } = partLoadedBy(new Error("Offline."), "part");
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  try {
    preload(part);
    await expect.poll(loads).toBe(1);
    await settle();
    expect(await part()).toBe("part");
  } finally {
    process.off("unhandledRejection", note);
  }
  expect(unhandled).toEqual([]);
  expect(loads()).toBe(2);
});
