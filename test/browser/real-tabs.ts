import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import { findChromium } from "../../dev/find-chromium.mjs";
import { test as base } from "./fixtures.ts";

/**
 * A browser whose tabs hide each other, and whose windows take the focus from each other, as a user's do. In those that
 * Playwright starts, every page believes that it is visible and has the focus.
 */
export const test = base.extend<{ tabs: BrowserContext }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
  tabs: async ({}, use) => {
    const profile = await mkdtemp(join(tmpdir(), "bearer-worker-"));
    const browser = spawn(
      findChromium()?.executablePath ?? chromium.executablePath(),
      [
        "--headless=new",
        "--remote-debugging-port=0",
        `--user-data-dir=${profile}`,
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "about:blank",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const endpoint = await new Promise<string>((resolve, reject) => {
      let said = "";
      browser.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
        if (address) resolve(address);
      });
      browser.on("exit", () => reject(new Error(`The browser did not start: ${said}`)));
    });
    const connection = await chromium.connectOverCDP(endpoint, { noDefaults: true });
    const [context] = connection.contexts();
    if (context) await use(context);
    const ended = new Promise((resolve) => browser.on("close", resolve));
    browser.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  },
});
