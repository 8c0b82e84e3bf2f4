import { expect, test } from "@playwright/test";
import { Successors } from "../../pipeline/successors.ts";
import { ManualClock } from "./manual-clock.ts";

const CHALLENGE = 'Bearer error="invalid_token"';
const refused = (accessToken: string, challenge = CHALLENGE) => ({ accessToken, challenge });

test("a successor that is refused by the same challenge is final for a second, and no other token is", async () => {
  const clock = new ManualClock();
  const successors = new Successors(clock);
  successors.add("t2", refused("t1"));
  expect(successors.isFinal(refused("t2"))).toBe(true);
  expect(successors.isFinal(refused("t1"))).toBe(false);
  expect(successors.isFinal(refused("t2", 'Bearer error="insufficient_claims"'))).toBe(false);
  await clock.advance(999);
  successors.add("t2", refused("t1"));
  expect(successors.isFinal(refused("t2"))).toBe(true);
  await clock.advance(1);
  successors.add("t2", refused("t1"));
  expect(successors.isFinal(refused("t2"))).toBe(false);
});

for (const [title, name] of [
  ["each successor that is refused in succession", (count: number) => `t${count}`],
  ["the refused token itself, given again and again,", () => "t"],
] as const)
  test(`${title} is final for twice as long, at most a minute`, async () => {
    const clock = new ManualClock();
    const successors = new Successors(clock);
    for (const [index, seconds] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
      // Three requests share the acquisition.
      for (let i = 0; i < 3; i++) successors.add(name(index + 1), refused(name(index)));
      await clock.advance(seconds * 1_000 - 1);
      expect(successors.isFinal(refused(name(index + 1)))).toBe(true);
      await clock.advance(1);
      expect(successors.isFinal(refused(name(index + 1)))).toBe(false);
    }
  });

test("a successor that was accepted is not final when it is refused later, and starts the pauses anew", async () => {
  const clock = new ManualClock();
  const successors = new Successors(clock);
  successors.add("t2", refused("t1"));
  await clock.advance(1_000);
  successors.add("t3", refused("t2"));
  successors.accept("t3", CHALLENGE);
  successors.add("t3", refused("t2"));
  expect(successors.isFinal(refused("t3"))).toBe(false);
  successors.add("t4", refused("t3"));
  await clock.advance(1_000);
  expect(successors.isFinal(refused("t4"))).toBe(false);
});

test("a token that is no successor cannot be accepted as one", () => {
  const successors = new Successors(new ManualClock());
  successors.accept("t2", CHALLENGE);
  successors.add("t2", refused("t1"));
  expect(successors.isFinal(refused("t2"))).toBe(true);
});

test("nothing is known once all was forgotten", () => {
  const successors = new Successors(new ManualClock());
  successors.add("t2", refused("t1"));
  successors.clear();
  expect(successors.isFinal(refused("t2"))).toBe(false);
});
