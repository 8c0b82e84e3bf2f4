import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { QUIET_CHROMIUM } from "../../dev/chromium-flags.mjs";
import { findChromium } from "../../dev/find-chromium.mjs";
import { inTime } from "./in-time.ts";

export interface RealBrowser {
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/** The deadline for the browser to print the address of its debugging endpoint, in milliseconds. */
const STARTS_WITHIN = 30_000;

/**
 * Starts a browser whose tabs hide each other and whose windows take the focus from each other, as a user's do. In a
 * browser that Playwright starts, every page is visible and has the focus.
 *
 * @throws Error with the browser's output, when the browser does not start
 */
export async function openRealBrowser(): Promise<RealBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "bearer-worker-"));
  const started = spawn(
    findChromium()?.executablePath ?? chromium.executablePath(),
    [
      "--headless=new",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      ...QUIET_CHROMIUM,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(started, "close");
  const close = async (): Promise<void> => {
    started.kill();
    // A process that could not be started rejects.
    await ended.catch(() => undefined);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  let output = "";
  const listening = new Promise<string>((resolve, reject) => {
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    });
    ended.then(() => reject(new Error("The browser has ended")), reject);
  });
  try {
    const endpoint = await inTime(listening, STARTS_WITHIN);
    if (endpoint === "too late") throw new Error("The browser printed no address in time");
    return { browser: await chromium.connectOverCDP(endpoint, { noDefaults: true }), close };
  } catch (cause) {
    await close();
    throw new Error(`The browser did not start: ${output}`, { cause });
  }
}
