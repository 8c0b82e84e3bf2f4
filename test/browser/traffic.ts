import { randomUUID } from "node:crypto";
import { expect, type SitePage } from "./fixtures.ts";

/** What became of a request that a page has made. */
export interface Trip {
  /** 0 for a network error. */
  readonly status: number;
  /** When the page made it, in milliseconds since the epoch. */
  readonly at: number;
  /** Until the page had its answer, in milliseconds. */
  readonly took: number;
}

export interface Traffic {
  /** Those that have their answer. */
  trips(): Promise<readonly Trip[]>;
  /** Makes no more, and gives all once each has its answer. */
  end(): Promise<readonly Trip[]>;
}

/** Makes the page request a resource again and again, without waiting for answers, as an app with many parts does. */
export async function startTraffic(site: SitePage, perSecond: number, url = "/api/orders"): Promise<Traffic> {
  const own = JSON.stringify(`traffic ${randomUUID()}`);
  await site.run(`void (() => {
    const trips = [];
    const pending = new Set();
    let count = 0;
    const timer = setInterval(() => {
      const at = Date.now();
      const start = performance.now();
      const done = (status) => {
        trips.push({ status, at, took: performance.now() - start });
        pending.delete(trip);
      };
      const trip = fetch(${JSON.stringify(site.resolve(url))} + "?" + count++).then(({ status }) => done(status), () => done(0));
      pending.add(trip);
    }, ${1000 / perSecond});
    window[${own}] = {
      trips,
      end: async () => {
        clearInterval(timer);
        while (pending.size > 0) await Promise.all(pending);
        return trips;
      },
    };
  })()`);
  return {
    trips: () => site.run(`window[${own}].trips`),
    end: () => site.run(`window[${own}].end()`),
  };
}

/** Waits until the page has had so many more answers, whatever they are. */
export async function moreAnswers(traffic: Traffic, count = 30): Promise<void> {
  const before = (await traffic.trips()).length;
  await expect
    .poll(async () => (await traffic.trips()).length, { timeout: 30_000 })
    .toBeGreaterThan(before + count);
}

/** Waits until so many requests in all ended with this status, 0 for a network error. */
export async function answeredWith(traffic: Traffic, status: number, count = 1): Promise<void> {
  await expect
    .poll(async () => (await traffic.trips()).filter((trip) => trip.status === status).length, {
      timeout: 45_000,
    })
    .toBeGreaterThanOrEqual(count);
}

/** What went wrong once something had gone well. */
export function failedAgain(trips: readonly Trip[]): readonly Trip[] {
  const recovered = trips.findIndex(({ status }) => status === 200);
  return trips.slice(recovered).filter(({ status }) => status !== 200);
}
