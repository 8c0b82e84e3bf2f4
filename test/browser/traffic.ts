import { randomUUID } from "node:crypto";
import { expect, type SitePage } from "./fixtures.ts";

/** A request of a page, with its outcome. */
export interface Trip {
  /** 0 for a network error. */
  readonly status: number;
  /** The time of the request, in milliseconds since the epoch. */
  readonly at: number;
  /** The time from the request to its response, in milliseconds. */
  readonly took: number;
}

export interface Traffic {
  /** The requests that are answered. */
  trips(): Promise<readonly Trip[]>;
  /** Stops making requests, and gives all requests once each is answered. */
  end(): Promise<readonly Trip[]>;
}

interface Running {
  readonly trips: readonly Trip[];
  readonly end: () => Promise<readonly Trip[]>;
}

/** Makes the page request a resource again and again without waiting for responses, as an app with many parts does. */
export async function startTraffic(site: SitePage, perSecond: number, url = "/api/orders"): Promise<Traffic> {
  const own = `traffic ${randomUUID()}`;
  await site.run(
    ({ name, resource, pause }) => {
      const trips: Trip[] = [];
      const pending = new Set<Promise<void>>();
      let count = 0;
      const request = async (at: number, start: number): Promise<void> => {
        const status = await fetch(`${resource}?${count++}`).then(
          (response) => response.status,
          () => 0,
        );
        trips.push({ status, at, took: performance.now() - start });
      };
      const timer = setInterval(() => {
        const trip = request(Date.now(), performance.now());
        pending.add(trip);
        void trip.then(() => pending.delete(trip));
      }, pause);
      const running: Running = {
        trips,
        end: async () => {
          clearInterval(timer);
          while (pending.size > 0) await Promise.all(pending);
          return trips;
        },
      };
      Object.assign(window, { [name]: running });
    },
    { name: own, resource: site.resolve(url), pause: 1000 / perSecond },
  );
  return {
    trips: () => site.run((name) => (Reflect.get(window, name) as Running).trips, own),
    end: () => site.run((name) => (Reflect.get(window, name) as Running).end(), own),
  };
}

/** Waits until so many more of the page's requests are answered, with any status. */
export async function moreAnswers(traffic: Traffic, count = 30): Promise<void> {
  const before = (await traffic.trips()).length;
  await expect
    .poll(async () => (await traffic.trips()).length, { timeout: 30_000 })
    .toBeGreaterThan(before + count);
}

/** Waits until so many requests have ended with this status, 0 for a network error. */
export async function answeredWith(traffic: Traffic, status: number, count = 1): Promise<void> {
  await expect
    .poll(async () => (await traffic.trips()).filter((trip) => trip.status === status).length, {
      timeout: 45_000,
    })
    .toBeGreaterThanOrEqual(count);
}

/** The requests that failed after the first success. */
export function failedAgain(trips: readonly Trip[]): readonly Trip[] {
  const recovered = trips.findIndex(({ status }) => status === 200);
  return trips.slice(recovered).filter(({ status }) => status !== 200);
}
