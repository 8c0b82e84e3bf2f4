import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { startStack, type Stack } from "../../dev/start-stack.ts";
import type { Bench } from "../bench.ts";
import type { Tab } from "../tab.ts";
import type { Case } from "./case.ts";

/** For how many milliseconds after it is usable a page's work still counts. */
const AFTERWARDS = 300;

let demo: Promise<{ stack: Stack; overrides: Record<string, string> }> | undefined;

/** The demo as `npm start` serves it, and the same site with MSAL alone, on a visitor's first and next visit. */
export const pageLoad: Case = {
  metrics: ["first visit", "next visit"].flatMap((visit) => {
    const name = `page-load/${visit.replace(" visit", "")}`;
    return [
      { name: `${name}/load`, title: `Demo, ${visit}: load event`, unit: "ms" as const },
      { name: `${name}/usable`, title: `Demo, ${visit}: usable`, unit: "ms" as const },
      { name: `${name}/main-thread`, title: `Demo, ${visit}: main thread busy`, unit: "ms" as const },
    ];
  }),
  subjects: ["no-worker", "bearer-worker"],
  rounds: 7,
  async measure(subject, bench) {
    const { stack, overrides } = await (demo ??= startDemo());
    for (const [path, body] of Object.entries(overrides)) {
      stack.site.override(path, subject === "no-worker" ? { body } : null);
    }
    const profile = await bench.chromium.createProfile();
    const first = await visit(stack.site.origin, profile, bench);
    const next = await visit(stack.site.origin, profile, bench);
    await bench.chromium.closeProfile(profile);
    return [...first, ...next];
  },
  async finish() {
    await (await demo)?.stack.close();
    demo = undefined;
  },
};

async function visit(origin: string, profile: string, { chromium }: Bench): Promise<number[]> {
  const tab: Tab = await chromium.open(profile);
  await tab.send("Performance.enable", { timeDomain: "threadTicks" });
  // The demo says who is signed in as soon as it can.
  await tab.runFirst(`addEventListener("DOMContentLoaded", () => {
    const look = () => {
      if (document.body.dataset.session !== "unknown") globalThis.usable ??= performance.now();
    };
    new MutationObserver(look).observe(document.body, { attributes: true });
    look();
  })`);
  await tab.goto(origin);
  await tab.waitFor(`globalThis.usable && performance.getEntriesByType("navigation")[0].loadEventEnd`);
  await pause(AFTERWARDS);
  const [load, usable] = await tab.run<[number, number]>(
    `[performance.getEntriesByType("navigation")[0].loadEventEnd, usable]`,
  );
  const { metrics } = await tab.send<{ metrics: { name: string; value: number }[] }>(
    "Performance.getMetrics",
  );
  const busy = metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN;
  await tab.close();
  return [load, usable, busy * 1_000];
}

async function startDemo(): Promise<{ stack: Stack; overrides: Record<string, string> }> {
  const { outputFiles } = await build({
    stdin: { contents: `export { PublicClientApplication } from "@azure/msal-browser";`, resolveDir: "." },
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    globalName: "bearerWorker",
  });
  return {
    stack: await startStack({ port: 0 }),
    overrides: {
      "/bearer-page.js": outputFiles[0]?.text ?? "",
      "/attach-tokens.js": `
        import { msal } from "./sign-in.js";
        await msal.initialize();
        await msal.handleRedirectPromise();
        export const attachment = Promise.resolve(new EventTarget());`,
    },
  };
}
