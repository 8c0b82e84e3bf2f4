import { setTimeout as pause } from "node:timers/promises";
import type { Stack } from "../../dev/start-stack.ts";
import type { Ledger } from "./ledger.ts";
import { drawOrder } from "./order.ts";
import { OUTAGES, type Outages } from "./outages.ts";
import type { Profile } from "./profile.ts";
import type { Random } from "../seeded-random.ts";
import { createTurns } from "./turns.ts";

/** How often each fault happens, in times a minute. */
const RATES: ReadonlyMap<FaultName, number> = new Map([
  ["stop", 15],
  ["stop and burst", 5],
  ["reload", 6],
  ["hard reload", 3],
  ["close and open", 2],
  ["show another tab", 4],
  ["update", 3],
  ["release", 1],
  ["revoke", 1],
  ["outage", 3],
  ["lifetime", 2],
  ["slow API", 2],
]);
const EVERY = 60_000 / [...RATES.values()].reduce((sum, rate) => sum + rate, 0);

/** A page has a minute and a half to load; no fault takes longer than a few of those. In milliseconds. */
const OVER_WITHIN = 300_000;

export type FaultName =
  | "stop"
  | "stop and burst"
  | "reload"
  | "hard reload"
  | "close and open"
  | "show another tab"
  | "update"
  | "release"
  | "revoke"
  | "outage"
  | "lifetime"
  | "slow API";

export interface Faults {
  /** How often each fault has happened. */
  readonly counts: ReadonlyMap<FaultName, number>;
  /** The stops of workers. Each happened between `from` and `to`, in milliseconds of `Date.now()`. */
  readonly stops: readonly { readonly profile: string; readonly from: number; readonly to: number }[];
  /** Causes faults until the signal aborts. Resolves when the last fault is over and everything works again. */
  run(until: AbortSignal): Promise<void>;
}

/** @param intensity how many times as often as usual */
export function createFaults(
  stack: Stack,
  profiles: readonly Profile[],
  outages: Outages,
  ledger: Ledger,
  random: Random,
  intensity: number,
): Faults {
  const counts = new Map<FaultName, number>();
  const stops: { profile: string; from: number; to: number }[] = [];
  const { site, api, provider } = stack;
  /** Excludes sign-ins while the provider is away. */
  const provided = createTurns();
  let releases = 0;
  let scripts = 0;

  /**
   * Stops an active worker, as Chromium does with an idle one. A waiting worker is never stopped: if it is stopped and then
   * becomes active, Chromium 156 sends requests past it until its pages are loaded again. That holds for any worker.
   */
  const stop = async (profile: Profile): Promise<void> => {
    const { runningWorkers } = profile;
    if (runningWorkers.length === 0) return;
    const from = Date.now();
    await profile.stopWorker(random.pick(runningWorkers));
    stops.push({ profile: profile.name, from, to: Date.now() });
  };

  const acts: Record<FaultName, (profile: Profile) => Promise<void>> = {
    stop,
    async "stop and burst"(profile) {
      await stop(profile);
      const orders = Array.from({ length: random.between(5, 20) }, () =>
        drawOrder(stack, random, profile.isOfOneAccount),
      );
      await Promise.all(orders.map((order) => random.pick(profile.readyTabs).send(order)));
    },
    reload: (profile) => restless(profile, (tab) => profile.handle(tab, () => tab.reload())),
    "hard reload": (profile) => restless(profile, (tab) => profile.handle(tab, () => tab.reload(true))),
    // The tab is picked in turn: while this waits, another fault may close or reload it.
    "close and open": (profile) =>
      provided.take(async () => await restless(profile, async (tab) => await profile.replace(tab))),
    "show another tab": (profile) => random.pick(profile.readyTabs).page.bringToFront(),
    async update(profile) {
      await serveWorker(++scripts);
      await random
        .pick(profile.readyTabs)
        .run(
          () => void navigator.serviceWorker.getRegistration().then((registration) => registration?.update()),
        );
    },
    async release(profile) {
      releases++;
      const added = releases % 2 ? { "/added/*": ["api://orders/Data.Read"] } : {};
      site.override("/release.js", { body: `globalThis.added = ${JSON.stringify(added)};` });
      await acts.reload(profile);
    },
    async revoke() {
      api.settings.revocation = random.pick(["claims", "invalid-token"]);
      api.settings.revokeTokensIssuedBefore = Math.floor(Date.now() / 1000);
    },
    outage: () =>
      provided.take(async () => {
        const kind = random.weighted(OUTAGES);
        outages.begin(kind, random);
        ledger.note("", `outage: ${kind}`);
        await pause(random.between(1_000, 8_000));
        outages.end();
      }),
    async lifetime() {
      provider.settings.accessTokenSeconds = random.between(20, 60);
    },
    async "slow API"() {
      const path = random.pick(["/api/orders", "/media/echo", "/media/photo"]);
      api.settings.delayMs[path] = random.between(500, 4_000);
      await pause(random.between(2_000, 8_000));
      delete api.settings.delayMs[path];
    },
  };

  const restless = async (
    profile: Profile,
    act: (tab: Profile["restless"][number]) => Promise<void>,
  ): Promise<void> => {
    const tabs = profile.restless;
    if (tabs.length > 0) await act(random.pick(tabs));
  };

  const serveWorker = async (script: number): Promise<void> => {
    site.override("/bearer-sw.js", null);
    const text = await (await fetch(`${site.origin}/bearer-sw.js`)).text();
    site.override("/bearer-sw.js", { body: `${text}\n// ${script % 2 ? "v2" : "v1"}\n` });
  };

  return {
    counts,
    stops,
    async run(until) {
      const happening = new Map<Promise<void>, FaultName>();
      while (!until.aborted) {
        await pause((EVERY / intensity) * 2 * random.next(), undefined, { signal: until }).catch(
          () => undefined,
        );
        const name = random.weighted(RATES);
        const profile = random.pick(profiles);
        if (until.aborted) break;
        counts.set(name, (counts.get(name) ?? 0) + 1);
        ledger.note(profile.name, name);
        const act = acts[name](profile).catch((error: unknown) =>
          ledger.note(profile.name, `harness: ${name}: ${String(error)}`),
        );
        happening.set(act, name);
        void act.then(() => happening.delete(act));
      }
      const over = Promise.all(happening.keys()).then(() => true);
      if (!(await Promise.race([over, pause(OVER_WITHIN, false, { ref: false })])))
        for (const name of happening.values()) ledger.note("", `harness: ${name}: did not end`);
      provider.clearFaults();
      api.settings.delayMs = {};
    },
  };
}
