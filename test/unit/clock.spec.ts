import { expect, test } from "@playwright/test";
import { pause, systemClock, within } from "../../pipeline/clock.ts";
import { ManualClock, settle } from "./manual-clock.ts";

const late = (): Error => new Error("Too late.");
const never = new Promise<never>(() => undefined);

test("a bounded wait gives the value of its promise, and cancels its timer", async () => {
  const clock = new ManualClock();
  expect(await within(clock, 1_000, Promise.resolve("value"), late)).toBe("value");
  expect(clock.timers).toBe(0);
});

test("a bounded wait fails as its promise does, and cancels its timer", async () => {
  const clock = new ManualClock();
  await expect(within(clock, 1_000, Promise.reject(new Error("Its own.")), late)).rejects.toThrow("Its own.");
  expect(clock.timers).toBe(0);
});

test("a bounded wait fails at its end and not before", async () => {
  const clock = new ManualClock();
  const outcome = within(clock, 1_000, never, late).catch((error: Error) => error.message);
  let settled = false;
  void outcome.then(() => (settled = true));
  await clock.advance(999);
  expect(settled).toBe(false);
  await clock.advance(1);
  expect(settled).toBe(true);
  expect(await outcome).toBe("Too late.");
});

test("a promise that settles after its bounded wait has ended changes nothing", async () => {
  const clock = new ManualClock();
  let fail = (): void => undefined;
  const promise = new Promise<string>((_, reject) => {
    fail = () => reject(new Error("Its own."));
  });
  const outcome = within(clock, 1_000, promise, late).catch((error: Error) => error.message);
  await clock.advance(1_000);
  fail();
  await settle();
  expect(await outcome).toBe("Too late.");
});

test("the error of a bounded wait is made at its end only", async () => {
  const clock = new ManualClock();
  let made = 0;
  const outcome = within(clock, 1_000, Promise.resolve(1), () => {
    made++;
    return late();
  });
  await outcome;
  await clock.advance(2_000);
  expect(made).toBe(0);
});

test("a pause ends after its time", async () => {
  const clock = new ManualClock();
  let ended = false;
  void pause(clock, 500).then(() => (ended = true));
  await clock.advance(499);
  expect(ended).toBe(false);
  await clock.advance(1);
  expect(ended).toBe(true);
});

test("the system's clock runs a callback once, and not after it was cancelled", async () => {
  const ran: string[] = [];
  const cancel = systemClock.after(0, () => ran.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) => {
    systemClock.after(0, () => {
      ran.push("kept");
      resolve();
    });
  });
  expect(ran).toEqual(["kept"]);
});

test("the manual clock fires timers in the order of their times, and lets promises settle in between", async () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push("second"));
  void pause(clock, 10).then(() => {
    fired.push(`first at ${clock.elapsed()}`);
    clock.after(5, () => fired.push(`inner at ${clock.elapsed()}`));
  });
  await clock.advance(20);
  expect(fired).toEqual(["first at 10", "inner at 15", "second"]);
});
