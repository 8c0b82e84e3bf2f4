import { setTimeout as pause } from "node:timers/promises";
import type { Stack } from "../../dev/start-stack.ts";
import { createRandom } from "../seeded-random.ts";
import { expect, type SitePage, test } from "./fixtures.ts";

const ROUNDS = Number(process.env["ROUNDS"] ?? 20);
const PARALLEL = 20;

/** A seed gives the same stops again: `ROUNDS=200 SEED=… npx playwright test worker-stops`. */
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

/** The page's result when a request failed, or when the body broke off: the answer ends with its worker. */
const FAILED = -1;
const BROKEN_OFF = -2;

/** Starts requests of several kinds, each with a number of its own, and gives their statuses. */
const startAll = (site: SitePage, round: number): Promise<number[]> =>
  site.run(
    async ({ first, count, photo, failed, brokenOff }) => {
      const kinds: [url: string, init: RequestInit][] = [
        ["/api/orders", {}],
        ["/api/orders", { method: "POST", body: "order" }],
        [photo, {}],
        [photo, { mode: "no-cors" }],
      ];
      const requests = Array.from({ length: count }, (_, i) => {
        const [url, init] = kinds[i % kinds.length] ?? [photo, {}];
        return fetch(`${url}?${first + i}`, init).then(
          (response) =>
            response.blob().then(
              () => response.status,
              () => brokenOff,
            ),
          () => failed,
        );
      });
      return await Promise.all(requests);
    },
    {
      first: round * PARALLEL,
      count: PARALLEL,
      photo: site.resolve("api:/media/photo"),
      failed: FAILED,
      brokenOff: BROKEN_OFF,
    },
  );

/** How often each request reached the API. */
function countByNumber({ api }: Stack): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { query } of api.received) counts.set(Number(query), (counts.get(Number(query)) ?? 0) + 1);
  return counts;
}

test(`a worker that is stopped ${ROUNDS} times under ${PARALLEL} requests loses no token, no GET, and sends no POST twice`, async ({
  open,
  stack,
}, { annotations }) => {
  test.setTimeout(120_000 + ROUNDS * 1_500);
  annotations.push({ type: "seed", description: String(seed) });
  console.log(`Stops from SEED=${seed}`);
  const random = createRandom(seed);
  const site = await open();
  await site.signIn();
  stack.api.settings.delayMs = { "/api/orders": 10, "/media/photo": 10 };

  const failed: string[] = [];
  let whole = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const pending = startAll(site, round);
    // The stop can come at any moment of a request.
    await pause(random.between(0, 60));
    await site.stopWorker();
    (await pending).forEach((status, i) => {
      const isPost = i % 4 === 1;
      if (status >= 0) whole++;
      // A POST that was under way may end as a network error, since it may have been processed.
      if ((status === FAILED && !isPost) || status > 201) {
        failed.push(`round ${round}, request ${round * PARALLEL + i}: ${status}`);
      }
    });
  }

  expect(failed).toEqual([]);
  // Most requests were answered to the end.
  expect(whole).toBeGreaterThan((ROUNDS * PARALLEL) / 2);
  expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(new Set(["bearer"]));
  const counts = countByNumber(stack);
  const most = (kind: (i: number) => boolean): number =>
    Math.max(...[...counts].filter(([number]) => kind(number % 4)).map(([, count]) => count));
  expect(most((kind) => kind === 1)).toBe(1);
  // Chromium itself repeats a request once.
  expect(most((kind) => kind !== 1)).toBeLessThanOrEqual(2);
});
