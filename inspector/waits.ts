import type { RequestObserved } from "../page/attachment-events.ts";
import { create } from "./create-element.ts";

/** The party for which a request waits. */
export type Wait = "page" | "provider" | "user" | "network";

/** A wait, and the moment at which it began, in milliseconds since the epoch. */
export interface Phase {
  readonly wait: Wait;
  readonly since: number;
}

type Ended = Pick<RequestObserved, "startedAt" | "responseTime" | "tokenTime">;

/** The waits of a request that has its response, one after the other, from its start on. */
export function phasesOf({ startedAt, responseTime, tokenTime }: Ended, noticed: readonly Phase[]): Phase[] {
  const end = startedAt + responseTime;
  const within = noticed.filter(({ since }) => since <= end);
  const [first] = within;
  // Its first waits may have been before the inspector was opened.
  if (!first) {
    const network: Phase = { wait: "network", since: startedAt + tokenTime };
    return tokenTime > 0 ? [{ wait: "page", since: startedAt }, network] : [network];
  }
  if (first.wait === "network" && tokenTime > 0) return [{ wait: "page", since: startedAt }, ...within];
  return [{ ...first, since: startedAt }, ...within.slice(1)];
}

/** The milliseconds that a request has waited for `wait`, until `end`. */
export const timeOf = (wait: Wait, phases: readonly Phase[], end: number): number =>
  phases.reduce(
    (sum, phase, i) => sum + (phase.wait === wait ? (phases[i + 1]?.since ?? end) - phase.since : 0),
    0,
  );

/** Draws waits side by side: each has its share of the width. */
export function drawCourse(course: HTMLElement, phases: readonly Phase[], end: number): void {
  const parts = phases.map(({ wait, since }, i) => {
    const part = create("i", wait);
    part.style.flexGrow = `${Math.max((phases[i + 1]?.since ?? end) - since, 1)}`;
    return part;
  });
  course.replaceChildren(...parts);
}
