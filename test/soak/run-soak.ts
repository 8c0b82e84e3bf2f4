import { setTimeout as pause } from "node:timers/promises";
import { startStack } from "../../dev/start-stack.ts";
import { openRealBrowser } from "../browser/real-browser.ts";
import { createFaults, type FaultName } from "./faults.ts";
import { createLedger, type Happening } from "./ledger.ts";
import { type MemorySample, sampleMemory } from "./memory.ts";
import { drawOrder } from "./order.ts";
import { createOutages, type Outage } from "./outages.ts";
import { Profile } from "./profile.ts";
import { createRandom } from "../seeded-random.ts";
import { type Course, joinCourses } from "./tally.ts";

const REQUEST_EVERY = 100;
/** Requests that wait for a hanging provider end after half a minute. See `CONSEQUENCES`. */
const SETTLED_WITHIN = 75_000;
/** The interval between two measurements of memory. */
const SAMPLE_EVERY = 15_000;

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

export interface SoakOptions {
  readonly milliseconds: number;
  readonly seed: number;
  /** Multiplies the rates of the faults. Default: 1. */
  readonly intensity?: number;
  /** Receives a progress report from time to time. */
  readonly onProgress?: (text: string) => void;
}

export interface SoakResult {
  readonly seed: number;
  readonly milliseconds: number;
  readonly browser: string;
  readonly courses: readonly Course[];
  readonly faults: ReadonlyMap<FaultName, number>;
  readonly outages: readonly Outage[];
  /** How many documents ended because their renderer crashed. */
  readonly crashes: number;
  /** How many token requests the provider answered with a token. */
  readonly tokens: number;
  readonly memory: readonly MemorySample[];
  readonly happenings: readonly Happening[];
  /** Failures of the harness, and of pages that could not attach. */
  readonly troubles: readonly Happening[];
}

/**
 * Runs a site for a while. Tabs in two profiles make ten requests a second in all. Meanwhile workers are stopped, pages
 * reloaded, versions released and tokens revoked, and the provider goes away.
 */
export async function runSoak({
  milliseconds,
  seed,
  intensity = 1,
  onProgress,
}: SoakOptions): Promise<SoakResult> {
  const stack = await startStack({ port: 0, roots: ["test/soak/site", "dist"] });
  stack.provider.settings.accessTokenSeconds = 40;
  // Long enough for a worker to be stopped meanwhile.
  Object.assign(stack.api.settings.delayMs, { "/media/echo": 250, "/media/photo": 60 });
  const { browser, close } = await openRealBrowser();
  try {
    const ledger = createLedger();
    const open = (name: string, accounts: string[]) =>
      Profile.open(browser, name, accounts, stack.site.origin, ledger);
    const profiles = [await open("A", [ADA, ADA, ADA]), await open("B", [ADA, ALAN, ADA, ALAN])];
    const outages = createOutages(stack);
    const faults = createFaults(stack, profiles, outages, ledger, createRandom(seed), intensity);
    const random = createRandom(seed + 1);
    const memory: MemorySample[] = [];

    const startedAt = Date.now();
    const ended = AbortSignal.timeout(milliseconds);
    const every = async (interval: number, act: () => Promise<void>): Promise<void> => {
      for (let due = startedAt; !ended.aborted; due += interval) {
        await pause(Math.max(0, due - Date.now()), undefined, { signal: ended }).catch(() => undefined);
        if (!ended.aborted) await act();
      }
    };
    await Promise.all([
      faults.run(ended),
      every(REQUEST_EVERY, async () => {
        const profile = random.pick(profiles);
        const tab = random.pick(profile.readyTabs);
        void tab
          .send(drawOrder(stack, random, profile.isOfOneAccount))
          .catch((error: unknown) => ledger.note(profile.name, `harness: send: ${String(error)}`));
      }),
      every(Math.min(SAMPLE_EVERY, milliseconds / 6), async () => {
        memory.push(...(await sampleMemory(browser, profiles, startedAt)));
        onProgress?.(`${ledger.requests.size} requests, ${ledger.waiting} waiting`);
      }),
    ]);
    for (const end = Date.now() + SETTLED_WITHIN; ledger.waiting > 0 && Date.now() < end;) await pause(100);

    const { received } = stack.api;
    return {
      seed,
      milliseconds,
      browser: `Chromium ${browser.version()}`,
      courses: joinCourses(ledger, received, faults.stops, outages.all),
      faults: faults.counts,
      outages: outages.all,
      crashes: ledger.crashes,
      tokens: stack.provider.requests.filter(
        ({ endpoint, outcome }) => endpoint === "token" && outcome === "ok",
      ).length,
      memory,
      happenings: ledger.happenings,
      troubles: ledger.happenings.filter(({ what }) => /^(?:harness|page):/.test(what)),
    };
  } finally {
    await close();
    await stack.close();
  }
}
