import { expect, test } from "@playwright/test";
import {
  IDLE,
  type InteractionEvent,
  type InteractionState,
  type Need,
  transition,
} from "../../page/interaction/coordinator-state.ts";
import { BearerWorkerError, type BearerWorkerErrorCode } from "../../protocol/errors.ts";
import { ORDERS, requestFor, tokenOf } from "./fake-tabs.ts";

const errorOf = (code: BearerWorkerErrorCode): BearerWorkerError =>
  new BearerWorkerError(code, `A test's ${code}.`);
const need: Need = { request: requestFor(), resource: ORDERS, trouble: null, consent: false };
const error = errorOf("interaction_declined");

const states = {
  idle: IDLE,
  yield: { type: "waiting", step: "yield", need },
  retry: { type: "waiting", step: "retry", need },
  asking: { type: "asking", need },
  refused: { type: "refused", error },
  leaving: { type: "leaving", error: errorOf("redirecting"), until: 10_000 },
  stopped: { type: "stopped", error: errorOf("interaction_disabled") },
} as const satisfies Record<string, InteractionState>;
type Name = keyof typeof states;

const events = {
  requested: { type: "requested", need, at: 0 },
  needed: { type: "needed", need, at: 0 },
  taken: { type: "taken" },
  free: { type: "free" },
  required: { type: "required", consent: false },
  withdrawn: { type: "withdrawn", trouble: null },
  acquired: { type: "acquired", token: tokenOf("ada") },
  unavailable: { type: "unavailable", error: new Error("The provider is down.") },
  failed: { type: "failed", error, at: 0 },
  acted: { type: "acted" },
  declined: { type: "declined", error },
  forgiven: { type: "forgiven" },
  "account-left": { type: "account-left" },
  stayed: { type: "stayed" },
  stopped: { type: "stopped", error },
} as const satisfies { [Type in InteractionEvent["type"]]: Extract<InteractionEvent, { type: Type }> };

/** The state after each event, by the state before. An event that is not named changes nothing. */
const table: Record<Name, Partial<Record<keyof typeof events, Name>>> = {
  idle: { requested: "asking", needed: "retry", declined: "refused", stopped: "stopped" },
  yield: {
    free: "retry",
    failed: "refused",
    acted: "retry",
    declined: "refused",
    "account-left": "idle",
    stopped: "stopped",
  },
  retry: {
    required: "asking",
    acquired: "idle",
    unavailable: "idle",
    failed: "refused",
    acted: "retry",
    declined: "refused",
    "account-left": "idle",
    stopped: "stopped",
  },
  asking: {
    taken: "yield",
    withdrawn: "yield",
    acquired: "idle",
    failed: "refused",
    acted: "retry",
    declined: "refused",
    "account-left": "idle",
    stopped: "stopped",
  },
  refused: {
    acted: "idle",
    forgiven: "idle",
    "account-left": "idle",
    declined: "refused",
    stopped: "stopped",
  },
  leaving: {
    acted: "idle",
    forgiven: "idle",
    "account-left": "idle",
    stayed: "idle",
    declined: "refused",
    stopped: "stopped",
  },
  stopped: {},
};

const nameOf = (state: InteractionState): string => (state.type === "waiting" ? state.step : state.type);

for (const [name, expected] of Object.entries(table) as [Name, (typeof table)[Name]][]) {
  test(`in the state "${name}" each event leads to the state of the table, or changes nothing`, () => {
    const state = states[name];
    for (const [type, event] of Object.entries(events)) {
      const next = transition(state, event);
      const to = expected[type as keyof typeof events];
      if (to) expect(nameOf(next), type).toBe(to);
      // A new object would end the state's work and begin it again.
      expect(next === state, type).toBe(to === undefined);
    }
  });
}

test("a state that begins again is a new object, so that its earlier work ends", () => {
  expect(transition(states.retry, events.acted)).toEqual(states.retry);
  expect(transition(states.retry, events.acted)).not.toBe(states.retry);
});

test("the question after a second try has the reason of that try", () => {
  const asking = transition(states.retry, { type: "required", consent: true });

  expect(asking).toEqual({ type: "asking", need: { ...need, consent: true } });
});

test("the need goes with the interaction from state to state, and takes along why the popup failed", () => {
  const withdrawn = transition(states.asking, { type: "withdrawn", trouble: "popup_closed" });
  const asking = [events.free, events.required].reduce<InteractionState>(transition, withdrawn);

  expect(asking).toEqual({ type: "asking", need: { ...need, trouble: "popup_closed" } });
});

for (const code of ["interaction_declined", "interaction_failed", "popup_closed"] as const) {
  test(`after ${code} new requests are refused with that error`, () => {
    const failure = errorOf(code);
    const refused = transition(states.asking, { type: "failed", error: failure, at: 0 });

    expect(refused).toEqual({ type: "refused", error: failure });
    expect(transition(refused, events.requested)).toBe(refused);
  });
}

test("after popup_blocked the next request may ask", () => {
  expect(transition(states.asking, { type: "failed", error: errorOf("popup_blocked"), at: 0 })).toBe(IDLE);
});

test("a page that is leaving refuses requests for 10 seconds, and asks again after that", () => {
  const leaving = transition(states.asking, { type: "failed", error: errorOf("redirecting"), at: 5_000 });

  expect(leaving).toMatchObject({ type: "leaving", until: 15_000 });
  expect(transition(leaving, { ...events.requested, at: 14_999 })).toBe(leaving);
  expect(nameOf(transition(leaving, { ...events.requested, at: 15_000 }))).toBe("asking");
  expect(transition(leaving, { ...events.needed, at: 14_999 })).toBe(leaving);
  expect(nameOf(transition(leaving, { ...events.needed, at: 15_000 }))).toBe("retry");
});
