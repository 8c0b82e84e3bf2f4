import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { findChromium } from "../../dev/find-chromium.mjs";

export interface RealBrowser {
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/**
 * Starts a browser whose tabs hide each other, and whose windows take the focus from each other, as a user's do. In those
 * that Playwright starts, every page believes that it is visible and has the focus.
 *
 * @throws Error with what the browser said, when it does not start
 */
export async function openRealBrowser(): Promise<RealBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "bearer-worker-"));
  const started = spawn(
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
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    started.on("exit", () => reject(new Error(`The browser did not start: ${said}`)));
  });
  return {
    browser: await chromium.connectOverCDP(endpoint, { noDefaults: true }),
    async close() {
      const ended = new Promise((resolve) => started.on("close", resolve));
      started.kill();
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
