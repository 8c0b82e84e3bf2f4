import { test as base } from "@playwright/test";
import { findChromium } from "../../dev/find-chromium.mjs";
import { findWebKit } from "../../dev/find-webkit.mjs";
import { type Stack, startStack } from "../../dev/start-stack.ts";
import type { EngineName } from "./engine-name.ts";
import type { Engine } from "./engine.ts";
import { playwrightEngine } from "./playwright-engine.ts";
import { SiteWindow } from "./site-window.ts";
import { webkitEngine } from "./webkit-engine.ts";

export { expect } from "@playwright/test";

interface WorkerFixtures {
  engineName: EngineName;
  engine: Engine;
  stack: Stack;
  /** One window for all tests of a file, in which Ada is signed in. */
  signedIn: SiteWindow;
}

/** Chromium is measured as people have it: without its windows it sends other headers. */
const whole = (engineName: EngineName) => (engineName === "chromium" ? findChromium() : null);

export const test = base.extend<{ site: SiteWindow }, WorkerFixtures>({
  // WebKitGTK is no browser of Playwright's, so the project's name tells.
  engineName: [
    async ({ browserName }, use, { project }) => use(project.name === "webkit" ? "webkit" : browserName),
    { scope: "worker" },
  ],
  engine: [
    async ({ engineName, playwright, launchOptions }, use) => {
      const engine =
        engineName === "webkit"
          ? await webkitEngine(findWebKit() ?? missing())
          : playwrightEngine(await playwright[engineName].launch({ ...launchOptions, ...whole(engineName) }));
      await use(engine);
      await engine.close();
    },
    { scope: "worker" },
  ],
  stack: [
    async ({}, use) => {
      const stack = await startStack({ port: 0, roots: ["test/engines/site", "dist"] });
      await use(stack);
      await stack.close();
    },
    { scope: "worker" },
  ],
  signedIn: [
    async ({ engine, stack }, use) => {
      const site = await SiteWindow.openSignedIn(engine, stack);
      await use(site);
      await site.window.close();
    },
    { scope: "worker" },
  ],
  site: async ({ engine, stack }, use) => {
    stack.api.reset();
    const site = await SiteWindow.open(engine, stack);
    await use(site);
    await site.window.close();
  },
});

function missing(): never {
  throw new Error("There is no WebKitGTK for the tests: node dev/setup.mjs --browser installs it.");
}
