import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { startStack, type Stack } from "../../dev/start-stack.ts";
import type { Bench } from "../bench.ts";
import { msalUnderWorker } from "../subjects/msal-under-worker.ts";
import { noWorker } from "../subjects/no-worker.ts";
import type { Subject } from "../subjects/subject.ts";
import type { Tab } from "../tab.ts";
import type { Case } from "./case.ts";

/** In milliseconds: what a page does in this time after it is usable is told apart. */
const AFTERWARDS = 300;

/** The demo's servers, one set for each subject. */
const demos = new Map<string, Promise<Stack>>();

/**
 * The demo as `npm start` serves it, and the same site with MSAL alone, without a worker and under one that passes requests
 * through: a visitor's first and next visit.
 */
export const pageLoad: Case = {
  metrics: ["first visit", "next visit"].flatMap((visit) => {
    const name = `page-load/${visit.replace(" visit", "")}`;
    return [
      { name: `${name}/load`, title: `Demo, ${visit}: load event`, unit: "ms" as const },
      { name: `${name}/usable`, title: `Demo, ${visit}: usable`, unit: "ms" as const },
      {
        name: `${name}/main-thread`,
        title: `Demo, ${visit}: main thread busy until usable`,
        unit: "ms" as const,
      },
      {
        name: `${name}/main-thread-after`,
        title: `Demo, ${visit}: main thread busy until ${AFTERWARDS} ms after that`,
        unit: "ms" as const,
      },
    ];
  }),
  subjects: [noWorker.name, msalUnderWorker.name, "bearer-worker"],
  includesBefore: true,
  rounds: 7,
  async measure(subject, bench) {
    let demo = demos.get(subject);
    if (!demo) demos.set(subject, (demo = startDemo(bench.subject(subject))));
    const { site } = await demo;
    const profile = await bench.chromium.createProfile();
    const first = await visit(site.origin, profile, bench);
    const next = await visit(site.origin, profile, bench);
    await bench.chromium.closeProfile(profile);
    return [...first, ...next];
  },
  async finish() {
    for (const demo of demos.values()) await (await demo).close();
    demos.clear();
  },
};

async function visit(origin: string, profile: string, { chromium }: Bench): Promise<number[]> {
  const tab: Tab = await chromium.open(profile);
  await tab.send("Performance.enable", { timeDomain: "threadTicks" });
  // The demo shows the signed-in user as soon as it can.
  await tab.runFirst(`globalThis.usable = new Promise((resolve) => {
    addEventListener("DOMContentLoaded", () => {
      const look = () => {
        if (document.body.dataset.session !== "unknown") resolve(performance.now());
      };
      new MutationObserver(look).observe(document.body, { attributes: true });
      look();
    });
  })`);
  await tab.goto(origin);
  const usable = await tab.waitFor<number>("globalThis.usable");
  const until = await busy(tab);
  await pause(AFTERWARDS);
  const after = await busy(tab);
  const load = await tab.waitFor<number>(`performance.getEntriesByType("navigation")[0].loadEventEnd`);
  await tab.close();
  return [load, usable, until, after];
}

/** For how many milliseconds the page's main thread has worked so far. */
async function busy(tab: Tab): Promise<number> {
  const { metrics } = await tab.send<{ metrics: { name: string; value: number }[] }>(
    "Performance.getMetrics",
  );
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN) * 1_000;
}

async function startDemo({ name, dist = "dist" }: Subject): Promise<Stack> {
  const stack = await startStack({ port: 0, roots: ["public", dist] });
  for (const [path, body] of Object.entries(await filesOf(name))) stack.site.override(`/${path}`, { body });
  return stack;
}

/** The files that stand in place of the demo's own. */
async function filesOf(subject: string): Promise<Record<string, string>> {
  if (subject === noWorker.name) return await filesWithMsal();
  if (subject !== msalUnderWorker.name) return {};
  return {
    ...(await filesWithMsal(`void navigator.serviceWorker.register("/sw.js");`)),
    ...msalUnderWorker.files(),
  };
}

/**
 * MSAL alone, and no attachment.
 *
 * @param more JavaScript of the page
 */
async function filesWithMsal(more = ""): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    stdin: { contents: `export { PublicClientApplication } from "@azure/msal-browser";`, resolveDir: "." },
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    globalName: "bearerWorker",
  });
  return {
    "bearer-page.js": outputFiles[0]?.text ?? "",
    "attach-tokens.js": `
      ${more}
      export const attachment = Promise.resolve(new EventTarget());`,
  };
}
