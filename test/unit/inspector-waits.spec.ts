import { expect, test } from "@playwright/test";
import { type Phase, phasesOf, timeOf } from "../../inspector/waits.ts";

const ended = { startedAt: 1_000, responseTime: 635, tokenTime: 600 };

test("a step-up has the user's share of its time", () => {
  const noticed: Phase[] = [
    { wait: "network", since: 1_002 },
    { wait: "page", since: 1_020 },
    { wait: "provider", since: 1_022 },
    { wait: "user", since: 1_080 },
    { wait: "page", since: 1_617 },
    { wait: "network", since: 1_620 },
    // A report that comes late.
    { wait: "page", since: 1_700 },
  ];
  const phases = phasesOf({ ...ended, tokenTime: 0 }, noticed);
  expect(phases).toEqual([{ wait: "network", since: 1_000 }, ...noticed.slice(1, -1)]);
  expect(timeOf("user", phases, 1_635)).toBe(537);
  expect(timeOf("network", phases, 1_635)).toBe(35);
});

test("a request whose first wait was not seen has waited for its page first", () => {
  expect(phasesOf(ended, [{ wait: "network", since: 1_600 }])).toEqual([
    { wait: "page", since: 1_000 },
    { wait: "network", since: 1_600 },
  ]);
  expect(phasesOf(ended, [])).toEqual([
    { wait: "page", since: 1_000 },
    { wait: "network", since: 1_600 },
  ]);
  expect(phasesOf({ ...ended, tokenTime: 0 }, [])).toEqual([{ wait: "network", since: 1_000 }]);
});
