import type { Bench } from "../bench.ts";
import type { Tab } from "../tab.ts";
import type { Case, Metric } from "./case.ts";

/** How often a page is reloaded in a turn. */
const RELOADS = 12;

/** Profiles that have signed in, by subject. */
const profiles = new Map<string, Promise<Tab>>();

const SUBJECTS = ["msal-pattern", "msal-under-worker", "axa-oidc", "bearer-worker"] as const;

/** How a page comes to its start: each time from the navigation to the first protected response. */
type Course = (subject: string, bench: Bench) => Promise<readonly number[]>;

const startCase = (
  metrics: readonly [name: string, title: string][],
  rounds: number,
  measure: Course,
): Case => ({
  metrics: metrics.map(([name, title]): Metric => ({
    name: `start/${name}`,
    title: `Start, ${title}: first protected response`,
    unit: "ms",
  })),
  subjects: SUBJECTS,
  includesBefore: true,
  rounds,
  measure,
  finish,
});

/** A visitor who has signed in, on a browser without the worker. */
export const firstVisit = startCase([["first-visit", "no worker yet"]], 7, async (subject, bench) => {
  const tab = await signedIn(subject, bench);
  await tab.send("Storage.clearDataForOrigin", {
    origin: new URL(bench.startPageOf(subject)).origin,
    storageTypes: "service_workers,cache_storage",
  });
  return await start(tab, subject, bench);
});

export const reload = startCase(
  [
    ["reload", `reload, the median of ${RELOADS}`],
    ["reload-slowest", `reload, the slowest of ${RELOADS}`],
  ],
  3,
  async (subject, bench) => {
    const tab = await signedIn(subject, bench);
    const times: number[] = [];
    for (let i = 0; i < RELOADS; i++) times.push(...(await start(tab, subject, bench)));
    times.sort((a, b) => a - b);
    const middle = RELOADS / 2;
    return [((times[middle - 1] ?? NaN) + (times[middle] ?? NaN)) / 2, times[RELOADS - 1] ?? NaN];
  },
);

/** The browser loads a page past its worker when the user holds Shift. */
export const hardReload = startCase([["hard-reload", "hard reload"]], 7, async (subject, bench) => {
  const tab = await signedIn(subject, bench);
  await start(tab, subject, bench);
  return await start(tab, subject, bench, () => tab.send("Page.reload", { ignoreCache: true }));
});

/** A reload after the browser has stopped the worker. */
export const restartedWorker = startCase(
  [["restarted-worker", "reload, worker stopped"]],
  7,
  async (subject, bench) => {
    const tab = await signedIn(subject, bench);
    await tab.stopWorkers();
    return await start(tab, subject, bench);
  },
);

/** A tab of the subject that has signed in, and has its token in MSAL's cache. */
function signedIn(subject: string, bench: Bench): Promise<Tab> {
  let tab = profiles.get(subject);
  if (!tab) {
    tab = bench.openTab(subject).then(async (opened) => {
      await opened.run(`inTurn("${bench.urlFor(subject)}", 1)`);
      bench.expectRequests(subject, 1);
      return opened;
    });
    profiles.set(subject, tab);
  }
  return tab;
}

/**
 * Loads the page, which makes a protected request as early as its subject can.
 *
 * @returns milliseconds from the navigation to the response
 */
async function start(
  tab: Tab,
  subject: string,
  bench: Bench,
  load = () => tab.goto(bench.startPageOf(subject)),
): Promise<readonly number[]> {
  // The old page must not answer for the new one.
  await tab.run("globalThis.started = 0");
  await load();
  const time = await tab.waitFor<number>("globalThis.started");
  bench.expectRequests(subject, 1);
  return [time];
}

async function finish(): Promise<void> {
  for (const tab of profiles.values()) await (await tab).close();
  profiles.clear();
}
