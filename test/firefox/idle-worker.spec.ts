import { expect, test } from "../engines/fixtures.ts";
import { playwrightEngine } from "../engines/playwright-engine.ts";
import { SiteWindow } from "../engines/site-window.ts";

test.describe.configure({ timeout: 120_000 });

/** Ada's window in a Firefox, the only browser with a setting for it, that stops workers after a second, and for good after another. */
const idle = test.extend<{ impatient: SiteWindow }>({
  impatient: async ({ playwright, launchOptions, stack }, use) => {
    const engine = playwrightEngine(
      await playwright.firefox.launch({
        ...launchOptions,
        firefoxUserPrefs: {
          "dom.serviceWorkers.idle_timeout": 1_000,
          "dom.serviceWorkers.idle_extended_timeout": 1_000,
        },
      }),
    );
    stack.api.reset();
    const site = await SiteWindow.openSignedIn(engine, stack);
    await site.attach();
    await site.window.evaluate(`bearerWorker.attachTokens(msal, {}).then((attached) => {
      window.origins = [];
      attached.addEventListener("request", ({ detail }) => origins.push(detail.token));
    })`);
    await use(site);
    await engine.close();
  },
});
const requestEcho = ({ window }: SiteWindow, init: RequestInit = {}): Promise<number | string> =>
  window.evaluate(
    `fetch("/media/echo", ${JSON.stringify(init)}).then(({ status }) => status, ({ name }) => name)`,
  );

idle("a worker that Firefox has stopped for being idle asks the page again", async ({ impatient, stack }) => {
  const deaths = async (): Promise<number> => {
    expect(await requestEcho(impatient)).toBe(200);
    const origins = await impatient.window.evaluate<string[]>("origins");
    // What a worker remembers dies with it.
    return origins.filter((origin) => origin === "page").length - 1;
  };

  // Each request is a new lease of life: the pauses are for the worker to be idle in.
  await expect.poll(deaths, { intervals: [2_500], timeout: 60_000 }).toBeGreaterThanOrEqual(3);

  expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(new Set(["bearer"]));
});

for (const method of ["GET", "POST"]) {
  idle(
    `a ${method} whose worker Firefox stops ends as a network error, was sent once, and the next has its token`,
    async ({ impatient, stack }) => {
      stack.api.settings.delayMs["/media/echo"] = 15_000;
      expect(await requestEcho(impatient, { method })).toBe("TypeError");
      stack.api.settings.delayMs = {};

      expect(await requestEcho(impatient, { method })).toBe(200);

      expect(stack.api.received.map((request) => `${request.method} ${request.authorization}`)).toEqual([
        `${method} bearer`,
        `${method} bearer`,
      ]);
    },
  );
}
