import { create } from "./create-element.ts";
import type { Kind } from "./request-row.ts";

/** Each request has one kind. Replays and tokens count besides. */
export type Counted = Kind | "replayed" | "acquired";

/** The counted events, in words. */
const COUNTED: Record<Counted, string> = {
  memory: "from memory",
  page: "from the page",
  none: "without a token",
  failed: "failed",
  replayed: "replayed",
  acquired: "tokens acquired",
};

export interface Totals {
  readonly element: HTMLElement;
  add(what: Counted): void;
  clear(): void;
  /** All counters in one line. */
  report(): string;
}

export function createTotals(): Totals {
  const element = create("dl", "totals");
  const numbers = new Map<Counted, HTMLElement>();
  for (const [what, text] of Object.entries(COUNTED)) {
    const number = create("dd", "", "0");
    numbers.set(what as Counted, number);
    element.append(create("div", what, create("dt", "", text), number));
  }
  return {
    element,
    add(what) {
      const number = numbers.get(what);
      if (number) number.textContent = `${Number(number.textContent) + 1}`;
    },
    clear() {
      for (const number of numbers.values()) number.textContent = "0";
    },
    report: () => [...numbers].map(([what, { textContent }]) => `${textContent} ${COUNTED[what]}`).join(", "),
  };
}
