import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import type { Observation } from "./differences.ts";
import { variants } from "./site/variants.js";
import type { Origin, SiteWindow } from "./site-window.ts";

/** A function of `site/site.js`. */
declare function vary(variant: string, url: string): Promise<unknown>;

/** Makes the page send every variant once. Resolves to the observations by the variants' names. */
export async function observeVariants(site: SiteWindow, origin: Origin): Promise<Map<string, Observation>> {
  const observations = new Map<string, Observation>();
  for (const { name, path, unanswered } of variants) {
    const mark = randomUUID();
    const url = site.url(origin, `${path}${path.includes("?") ? "&" : "?"}${mark}`);
    const received = () => site.stack.api.received.filter(({ query }) => query.endsWith(mark));

    const seen = await site.window.evaluate((variant) => vary(variant.name, variant.url), { name, url });
    if (unanswered) await expect.poll(() => received().at(-1)?.body ?? null).not.toBeNull();
    observations.set(name, { received: received(), seen });
  }
  return observations;
}
