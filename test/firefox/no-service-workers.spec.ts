import type { BearerWorkerError } from "../../page/index.ts";
import { expect, test } from "../engines/fixtures.ts";
import { playwrightEngine } from "../engines/playwright-engine.ts";
import { SiteWindow } from "../engines/site-window.ts";

// A function of `site/site.js`.
declare function attach(options: object): Promise<void>;

/** Ada's window in a Firefox whose user has switched service workers off. */
const without = test.extend<{ site: SiteWindow }>({
  site: async ({ playwright, launchOptions, stack }, use) => {
    const engine = playwrightEngine(
      await playwright.firefox.launch({
        ...launchOptions,
        firefoxUserPrefs: { "dom.serviceWorkers.enabled": false },
      }),
    );
    stack.api.reset();
    await use(await SiteWindow.openSignedIn(engine, stack));
    await engine.close();
  },
});

const requestPhoto = ({ window }: SiteWindow): Promise<number> =>
  window.evaluate(() => fetch("/media/photo").then(({ status }) => status));

without(
  "attachTokens fails in a browser without service workers, and requests go out bare",
  async ({ site, stack }) => {
    const code = await site.window.evaluate(() =>
      attach({}).then(
        () => "attached",
        ({ code }: BearerWorkerError) => code,
      ),
    );

    expect(code).toBe("service_worker_unavailable");
    expect(await requestPhoto(site)).toBe(401);
    expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["none"]);
  },
);

without('calls of fetch have their token with fallback: "fetch"', async ({ site, stack }) => {
  await site.attach({ fallback: "fetch" });

  expect(await requestPhoto(site)).toBe(200);
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["bearer"]);
});
