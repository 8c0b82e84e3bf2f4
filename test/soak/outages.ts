import type { Stack } from "../../dev/start-stack.ts";
import type { Random } from "../seeded-random.ts";

/** A time in which tokens could not be had, in milliseconds of `Date.now()`. */
export interface Outage {
  readonly kind: OutageKind;
  readonly startedAt: number;
  /** The end of its consequences; null during the outage. */
  readonly overAt: number | null;
}

/**
 * For how many milliseconds the consequences of each kind of fault outlast it. MSAL blocks the same request for a minute
 * after a server error in JSON, and for the time of `Retry-After` after a 429. MSAL waits for a silent token endpoint
 * without end, and this product for half a minute.
 */
const CONSEQUENCES = {
  "500-json": 60_000,
  "500-html": 1_000,
  "429": 3_000,
  reset: 1_000,
  hang: 35_000,
  slow: 0,
} as const;
export type OutageKind = keyof typeof CONSEQUENCES;

/** The weight of each kind. A server error in JSON costs a minute, so it is rare. */
export const OUTAGES: ReadonlyMap<OutageKind, number> = new Map([
  ["500-json", 1],
  ["500-html", 4],
  ["429", 3],
  ["reset", 4],
  ["hang", 2],
  ["slow", 8],
]);

export interface Outages {
  readonly all: readonly Outage[];
  /** Starts a fault of the token endpoint. There is one at a time. */
  begin(kind: OutageKind, random: Random): void;
  end(): void;
  /** Whether there is an outage now. */
  readonly isGoingOn: boolean;
}

export function createOutages({ provider }: Stack): Outages {
  const all: { kind: OutageKind; startedAt: number; overAt: number | null }[] = [];
  const current = () => all.find(({ overAt }) => overAt === null);
  return {
    all,
    begin(kind, random) {
      all.push({ kind, startedAt: Date.now(), overAt: null });
      provider.fault("token", kind, { retryAfterSeconds: 1, delayMs: random.between(300, 3_000) });
    },
    end() {
      provider.clearFaults();
      const ending = current();
      if (ending) ending.overAt = Date.now() + CONSEQUENCES[ending.kind];
    },
    get isGoingOn() {
      return current() !== undefined;
    },
  };
}
