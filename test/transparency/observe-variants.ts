import { expect, type Page } from "@playwright/test";
import { callInPage } from "../browser/run-in-page.ts";
import { CORS, pathOf } from "./answer.ts";
import type { RecordedRequest, RecordingServer } from "./recording-server.ts";
import type { Variant } from "./variant.ts";

// Functions of `site/page.js`.
declare function attach(map: Record<string, string[]>, accessToken: string): Promise<void>;
declare function learn(urls: readonly string[]): Promise<void>;
declare function runVariants(tasks: readonly Task[], gates: string): Promise<Record<string, unknown>[]>;

interface Task {
  readonly id: string;
  readonly url: string;
  readonly variant: Variant;
}

/** The requests that the server received for one variant, and the page's result. */
export interface Observation {
  readonly variant: Variant;
  readonly received: readonly RecordedRequest[];
  readonly seen: Readonly<Record<string, unknown>>;
}

interface Conditions {
  /** Keys of the map, where tokens are attached at all. */
  readonly protect: readonly string[] | null;
  readonly accessToken: string;
}

/** Makes a fresh page send every variant once. Resolves to the observations in the variants' order. */
export async function observeVariants(
  page: Page,
  server: RecordingServer,
  variants: readonly Variant[],
  { protect, accessToken }: Conditions,
): Promise<readonly Observation[]> {
  const { origins, received } = server;
  server.reset();
  await page.goto(origins.site);
  const cdp = await page.context().newCDPSession(page);
  // `page.evaluate` would pretend a click, which shows in the headers of navigations.
  await callInPage(cdp, () => void (document.cookie = "visitor=1"));
  if (protect) {
    const map = Object.fromEntries(protect.map((key) => [key, ["read"]]));
    await callInPage(cdp, (options) => attach(options.map, options.accessToken), { map, accessToken });
    // Other tests count the preflights by which the worker finds out which resources have CORS.
    await callInPage(cdp, (urls) => learn(urls), resourcesOfEachKind(server));
  }
  const tasks = variants.map((variant, i): Task => {
    const id = `v${i}`;
    return { id, url: origins[variant.origin] + pathOf(variant.answer, id), variant };
  });
  const seen = await callInPage(cdp, (run) => runVariants(run.tasks, run.gates), {
    tasks,
    gates: origins.gates,
  });
  const all = (): RecordedRequest[] => [...received.values()].flat();
  await expect.poll(() => all().filter(({ outcome }) => outcome === null).length).toBe(0);
  return variants.map((variant, i) => ({
    variant,
    received: named(received.get(`v${i}`) ?? [], origins),
    seen: named(seen[i] ?? {}, origins),
  }));
}

/** Replaces origins, whose ports differ from run to run, by their names, and shortens URLs. */
function named<Value>(value: Value, origins: RecordingServer["origins"]): Value {
  let text = JSON.stringify(value).replaceAll(/\/v\d+\?[^\s"\\,]*/g, "/…");
  for (const [name, origin] of Object.entries(origins)) {
    text = text.replaceAll(origin, name).replaceAll(new URL(origin).host, name);
  }
  return JSON.parse(text) as Value;
}

function resourcesOfEachKind({ origins: { site, other, far } }: RecordingServer): string[] {
  return [site, other, far].flatMap((origin) => CORS.map((cors) => origin + pathOf({ cors }, "learning")));
}
