import { expect, test as base } from "../engines/fixtures.ts";
import { playwrightEngine } from "../engines/playwright-engine.ts";
import { SiteWindow } from "../engines/site-window.ts";

declare global {
  interface Window {
    /** The sources of tokens, by the `request` events of the page. */
    tokenSources: string[];
  }
}

/** Firefox alone has settings for the time that a worker may take. In milliseconds. */
interface WorkerTimes {
  /** After how long without an event a worker is stopped. Streams end then. Default of Firefox: 30,000. */
  readonly idle: number;
  /** For how much longer a request may keep it alive. Default of Firefox: 30,000. */
  readonly extended: number;
}

const test = base.extend<{ times: WorkerTimes }>({
  times: [{ idle: 1_000, extended: 1_000 }, { option: true }],
  /** Ada's window in a Firefox with these times. */
  site: async ({ playwright, launchOptions, stack, times }, use) => {
    const engine = playwrightEngine(
      await playwright.firefox.launch({
        ...launchOptions,
        firefoxUserPrefs: {
          "dom.serviceWorkers.idle_timeout": times.idle,
          "dom.serviceWorkers.idle_extended_timeout": times.extended,
        },
      }),
    );
    stack.api.reset();
    const site = await SiteWindow.openSignedIn(engine, stack);
    await site.attach();
    await use(site);
    await engine.close();
  },
});
test.describe.configure({ timeout: 180_000 });

const requestEcho = ({ window }: SiteWindow, init: RequestInit = {}): Promise<number | string> =>
  window.evaluate(
    (options) =>
      fetch("/media/echo", options).then(
        ({ status }) => status,
        ({ name }: Error) => name,
      ),
    init,
  );

test("a worker that Firefox has stopped for being idle asks the page again", async ({ site, stack }) => {
  await site.window.evaluate(async () => {
    const attachment = await bearerWorker.attachTokens(window.msal, { protectedResourceMap: {} });
    window.tokenSources = [];
    attachment.addEventListener("request", ({ detail }) => window.tokenSources.push(detail.token));
  });
  const deaths = async (): Promise<number> => {
    expect(await requestEcho(site)).toBe(200);
    const sources = await site.window.evaluate(() => window.tokenSources);
    // A worker that was stopped has no token in memory.
    return sources.filter((source) => source === "page").length - 1;
  };

  // Each request is an event that keeps the worker alive, so the worker is idle between the requests.
  await expect.poll(deaths, { intervals: [2_500], timeout: 60_000 }).toBeGreaterThanOrEqual(2);

  expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(new Set(["bearer"]));
});

test("a request whose worker Firefox stops ends as a network error and was sent once, and the next has its token", async ({
  site,
  stack,
}) => {
  for (const method of ["GET", "POST"]) {
    stack.api.settings.delayMs["/media/echo"] = 15_000;
    expect(await requestEcho(site, { method })).toBe("TypeError");
    stack.api.settings.delayMs = {};

    expect(await requestEcho(site, { method })).toBe(200);
  }

  expect(stack.api.received.map(({ method, authorization }) => `${method} ${authorization}`)).toEqual(
    ["GET", "GET", "POST", "POST"].map((method) => `${method} bearer`),
  );
});

test.describe("in a Firefox that stops workers after 16 seconds", () => {
  test.use({ times: { idle: 15_000, extended: 1_000 } });

  test("an answer that takes 24 seconds arrives, and an EventSource stays open meanwhile", async ({
    site,
    stack,
  }) => {
    stack.api.settings.delayMs["/media/photo"] = 24_000;

    const seen = await site.window.evaluate(
      async (urls) => {
        const source = new EventSource(urls.events);
        const counts = { events: 0, errors: 0 };
        source.onmessage = () => counts.events++;
        source.onerror = () => counts.errors++;
        const status = await fetch(urls.photo).then((response) => response.status, String);
        source.close();
        return { ...counts, status };
      },
      {
        events: site.url("cross-origin", "/media/events"),
        photo: site.url("cross-origin", "/media/photo"),
      },
    );

    expect(seen).toMatchObject({ errors: 0, status: 200 });
    expect(seen.events).toBeGreaterThan(15);
    expect(stack.api.received.map(({ path, authorization }) => `${path} ${authorization}`).sort()).toEqual([
      "/media/events bearer",
      "/media/photo bearer",
    ]);
  });
});
