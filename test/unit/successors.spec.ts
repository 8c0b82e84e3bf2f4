import { expect, test } from "@playwright/test";
import { Successors } from "../../pipeline/successors.ts";
import { ManualClock } from "./manual-clock.ts";

const CHALLENGE = 'Bearer error="invalid_token"';
const refused = (accessToken: string, challenge = CHALLENGE) => ({ accessToken, challenge });

test("a successor that is refused by the same challenge is final for a minute, and no other token is", async () => {
  const clock = new ManualClock();
  const successors = new Successors(clock);
  successors.add("t2", CHALLENGE);
  expect(successors.isFinal(refused("t2"))).toBe(true);
  expect(successors.isFinal(refused("t1"))).toBe(false);
  expect(successors.isFinal(refused("t2", 'Bearer error="insufficient_claims"'))).toBe(false);
  await clock.advance(59_999);
  successors.add("t2", CHALLENGE);
  expect(successors.isFinal(refused("t2"))).toBe(true);
  await clock.advance(1);
  expect(successors.isFinal(refused("t2"))).toBe(false);
});

test("a successor that was accepted is not final when it is refused later", () => {
  const successors = new Successors(new ManualClock());
  successors.add("t2", CHALLENGE);
  successors.accept("t2", CHALLENGE);
  successors.add("t2", CHALLENGE);
  expect(successors.isFinal(refused("t2"))).toBe(false);
});

test("a token that is no successor cannot be accepted as one", () => {
  const successors = new Successors(new ManualClock());
  successors.accept("t2", CHALLENGE);
  successors.add("t2", CHALLENGE);
  expect(successors.isFinal(refused("t2"))).toBe(true);
});

test("nothing is known once all was forgotten", () => {
  const successors = new Successors(new ManualClock());
  successors.add("t2", CHALLENGE);
  successors.clear();
  expect(successors.isFinal(refused("t2"))).toBe(false);
});
