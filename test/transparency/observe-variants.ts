import { expect, type Page } from "@playwright/test";
import { runInPage } from "../browser/run-in-page.ts";
import { CORS, pathOf } from "./answer.ts";
import type { RecordedRequest, RecordingServer } from "./recording-server.ts";
import type { Variant } from "./variants.ts";

/** What one variant led to: what the server received, and what the page saw. */
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

/** Makes a fresh page send every variant once, and gives what came of each, in their order. */
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
  /** Calls a function of `site/page.js`, without the click that `page.evaluate` pretends: navigations tell of it. */
  const call = <Result>(name: string, ...parameters: unknown[]): Promise<Result> =>
    runInPage(cdp, `${name}(${parameters.map((parameter) => JSON.stringify(parameter)).join()})`);
  await call("setCookie", "visitor=1");
  if (protect) {
    const map = Object.fromEntries(protect.map((key) => [key, ["read"]]));
    await call("attach", map, accessToken);
    // What it costs to find out which resources have CORS is under test elsewhere.
    await call("learn", resourcesOfEachKind(server));
  }
  const tasks = variants.map((variant, i) => {
    const id = `v${i}`;
    return { id, url: origins[variant.origin] + pathOf(variant.answer, id), variant };
  });
  const seen = await call<Record<string, unknown>[]>("runVariants", tasks, origins.gates);
  const all = (): RecordedRequest[] => [...received.values()].flat();
  await expect.poll(() => all().filter(({ outcome }) => outcome === null).length).toBe(0);
  return variants.map((variant, i) => ({
    variant,
    received: named(received.get(`v${i}`) ?? [], origins),
    seen: named(seen[i] ?? {}, origins),
  }));
}

/** With names in place of origins, whose ports are others every time, and without what stands in every URL. */
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
