import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QUIET_CHROMIUM } from "../dev/chromium-flags.mjs";
import { findChromium } from "../dev/find-chromium.mjs";
import { DevToolsPipe } from "./devtools-pipe.ts";
import { Tab } from "./tab.ts";

/** The browser for all measurements. */
export interface Chromium {
  /** The browser's name and version. */
  readonly product: string;
  /** Opens a tab in `profile`, or in a new profile. */
  open(profile?: string): Promise<Tab>;
  /** Creates a profile with its own storage, workers and processes. */
  createProfile(): Promise<string>;
  closeProfile(profile: string): Promise<void>;
  close(): Promise<void>;
}

const FLAGS = [
  "--headless=new",
  "--remote-debugging-pipe",
  ...QUIET_CHROMIUM,
  // Tabs take turns, so background tabs must not be throttled.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  // The https servers of one case have a certificate that has signed itself.
  "--ignore-certificate-errors",
];

/** @throws Error when there is no Chromium */
export async function launchChromium(): Promise<Chromium> {
  const found = findChromium();
  if (!found)
    throw new Error("There is no Chromium. Set CHROMIUM_PATH, or run npx playwright install chromium.");
  const directory = await mkdtemp(join(tmpdir(), "bearer-worker-bench-"));
  const browser = spawn(found.executablePath, [...FLAGS, `--user-data-dir=${directory}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const exited = once(browser, "exit");
  const pipe = new DevToolsPipe(browser);
  const { product } = await pipe.send<{ product: string }>("Browser.getVersion");

  const createProfile = async (): Promise<string> => {
    const { browserContextId } = await pipe.send<{ browserContextId: string }>("Target.createBrowserContext");
    return browserContextId;
  };
  return {
    product,
    createProfile,
    async open(profile) {
      return await Tab.open(pipe, profile ?? (await createProfile()));
    },
    async closeProfile(browserContextId) {
      await pipe.send("Target.disposeBrowserContext", { browserContextId });
    },
    async close() {
      await pipe.send("Browser.close").catch(() => browser.kill());
      await exited;
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
