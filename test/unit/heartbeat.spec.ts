import { expect, test } from "@playwright/test";
import { Heartbeat } from "../../page/worker/heartbeat.ts";
import type { Reply } from "../../protocol/answers.ts";
import { ManualClock } from "./manual-clock.ts";

const ANSWER_WITHIN = 45_000;

/** A page that is asked, and a note of its replies. */
function ask({ isHidden = false } = {}) {
  const clock = new ManualClock();
  const page = { isHidden };
  const said: [at: number, reply: Reply][] = [];
  const heartbeat = new Heartbeat(clock, () => page.isHidden, ANSWER_WITHIN);
  const alive = heartbeat.start((reply) => said.push([clock.elapsed(), reply]));
  return { clock, page, said, alive };
}

const waiting = (milliseconds: number): Reply => ({ type: "waiting", milliseconds });

test("a page that is asked says at once that it is alive, and every second again", async () => {
  const { clock, said } = ask();
  expect(said).toEqual([[0, waiting(3_000)]]);
  await clock.advance(2_500);
  expect(said).toEqual([
    [0, waiting(3_000)],
    [1_000, waiting(3_000)],
    [2_000, waiting(3_000)],
  ]);
});

test("a hidden page is believed for all the time that its answer may take", async () => {
  const { clock, page, said } = ask({ isHidden: true });
  expect(said).toEqual([[0, waiting(ANSWER_WITHIN)]]);
  page.isHidden = false;
  await clock.advance(1_000);
  expect(said.at(-1)).toEqual([1_000, waiting(3_000)]);
});

test("an answer ends the heartbeat", async () => {
  const { clock, said, alive } = ask();
  await clock.advance(1_000);
  alive.end({ type: "bare" });
  await clock.advance(10_000);
  expect(said.slice(2)).toEqual([[1_000, { type: "bare" }]]);
  expect(clock.timers).toBe(0);
});

test("a page that never answers is alive no longer than an answer takes, after the identity library got ready", async () => {
  const { clock, said } = ask();
  await clock.advance(10 * ANSWER_WITHIN);
  expect(said.at(-1)).toEqual([2 * ANSWER_WITHIN - 1_000, waiting(3_000)]);
  expect(clock.timers).toBe(0);
});

test("a longer time stands in place of the heartbeat, and the answer follows it", async () => {
  const { clock, said, alive } = ask();
  alive.say({ type: "waiting", milliseconds: 285_000 });
  await clock.advance(200_000);
  alive.end({ type: "unavailable" });
  expect(said).toEqual([
    [0, waiting(3_000)],
    [0, waiting(285_000)],
    [200_000, { type: "unavailable" }],
  ]);
});

test("each question has a heartbeat of its own", async () => {
  const clock = new ManualClock();
  const heartbeat = new Heartbeat(clock, () => false, ANSWER_WITHIN);
  const said: string[] = [];
  const first = heartbeat.start(({ type }) => said.push(`first ${type}`));
  heartbeat.start(({ type }) => said.push(`second ${type}`));
  first.end({ type: "bare" });
  await clock.advance(1_000);
  expect(said).toEqual(["first waiting", "second waiting", "first bare", "second waiting"]);
});
