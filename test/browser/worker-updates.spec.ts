import type { Stack } from "../../dev/start-stack.ts";
import {
  anonymous,
  authorizations,
  expect,
  received,
  requestByImage,
  requestByXhr,
  type SitePage,
  test,
} from "./fixtures.ts";
import { buildOtherVersion, NEWER_WORKER } from "./other-version.ts";
import { moreAnswers, startTraffic, type Trip } from "./traffic.ts";

declare global {
  interface Window {
    /** How often a newer worker has taken control. */
    takeovers: number;
  }
}

const serveWorker = (stack: Stack, body: string | null): void =>
  stack.site.override("/bearer-sw.js", body === null ? null : { body });

/** Has the browser look for a newer worker, and install it if there is one. */
const update = (site: SitePage): Promise<void> =>
  site.run(async () => {
    window.takeovers = 0;
    navigator.serviceWorker.oncontrollerchange = () => window.takeovers++;
    await (await navigator.serviceWorker.ready).update();
  });

/**
 * Waits until the page is at rest after loading. Chromium looks for a newer worker only then, or after a minute: a page
 * that keeps making requests would get no newer worker for that long.
 */
const atRest = update;

/**
 * Waits until a newer worker has control. Chromium may leave the old worker in control for minutes while requests keep
 * coming, so the old worker is stopped here, as the browser stops a worker at rest.
 */
const takenOver = async (site: SitePage): Promise<void> => {
  const state = (): Promise<"updating" | "waiting" | "taken over"> =>
    site.run(async () => {
      if (window.takeovers > 0) return "taken over";
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.waiting && !registration.installing ? "waiting" : "updating";
    });
  await expect.poll(state).not.toBe("updating");
  if ((await state()) === "waiting") await site.stopWorkerThatIs("activated");
  await expect
    .poll(async () => {
      await site.fetch("/api/orders/2");
      return await site.run(() => window.takeovers);
    })
    .toBeGreaterThan(0);
};

/** Each request reached the API once, with the user's token, and had its answer. */
const expectNothingLost = (stack: Stack, trips: readonly Trip[], before = 0): void => {
  expect(trips.filter(({ status }) => status !== 200)).toEqual([]);
  expect(anonymous(stack, "/api/orders")).toEqual([]);
  expect(received(stack, "/api/orders")).toHaveLength(before + trips.length);
};

const pageLoads = (stack: Stack): number => stack.site.received.filter(({ path }) => path === "/").length;

test("an update and its rollback lose no request of a page that makes twenty a second", async ({
  site,
  stack,
}) => {
  const loads = pageLoads(stack);
  await atRest(site);

  for (const worker of [NEWER_WORKER, null]) {
    const before = received(stack, "/api/orders").length;
    const traffic = await startTraffic(site, 20);
    await moreAnswers(traffic);
    serveWorker(stack, worker);
    await update(site);
    await moreAnswers(traffic);

    const trips = await traffic.end();
    expectNothingLost(stack, trips, before);
    await takenOver(site);
  }

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(pageLoads(stack)).toBe(loads);
});

test("updates in quick succession lose no request, and the old worker answers a slow request", async ({
  site,
  stack,
}) => {
  await site.fetch("/api/orders");
  await atRest(site);
  stack.api.settings.delayMs["/media/photo"] = 8_000;
  const slow = site.fetch("api:/media/photo");
  await expect.poll(() => received(stack, "/media/photo").length).toBe(1);
  const before = received(stack, "/api/orders").length;
  const traffic = await startTraffic(site, 20);

  for (let version = 0; version < 5; version++) {
    serveWorker(stack, `${NEWER_WORKER} ${version}`);
    await update(site);
    await moreAnswers(traffic, 10);
  }

  expectNothingLost(stack, await traffic.end(), before);
  expect(await slow).toMatchObject({ status: 200 });
  await takenOver(site);
  expect(authorizations(stack, "/media/photo")).toEqual(["bearer"]);
});

test("a page with an older map loses no request when another tab brings a new one, and its worker", async ({
  open,
  page,
  stack,
}) => {
  const older = await open();
  await older.signIn();
  const loads = pageLoads(stack);
  // Chromium leaves a worker in control while it has requests under way, and here it always has some.
  stack.api.settings.delayMs["/api/orders"] = 250;
  const traffic = await startTraffic(older, 10);
  await moreAnswers(traffic);
  const script = (): string | undefined => navigator.serviceWorker.controller?.scriptURL;
  const before = await older.run(script);

  const map = {
    "/api/*": ["api://orders/Data.Read"],
    "/added/*": ["api://orders/Data.Read"],
  };
  const newer = await open({ attach: { protectedResourceMap: map } }, await page.context().newPage());
  await newer.signInSilently();
  expect(await older.run(script)).toBe(before);
  await newer.fetch("/added/one");
  // A hard reload leaves the page without a worker, and the older worker may claim it.
  await newer.hardReload();
  await newer.attached();
  await newer.fetch("/added/two");
  expect(await older.run(script)).toBe(before);
  for (const path of ["/added/one", "/added/two"]) {
    expect(stack.site.received.find((request) => request.path === path)).toMatchObject({ authorized: true });
  }

  await moreAnswers(traffic);
  expectNothingLost(stack, await traffic.end());
  await older.stopWorkerThatIs("activated");
  await expect
    .poll(async () => {
      await older.fetch("/api/orders/2");
      return await older.run(script);
    })
    .not.toBe(before);
  const under = received(stack, "/api/orders").length;
  stack.api.settings.delayMs = {};
  const after = await startTraffic(older, 20);
  await moreAnswers(after);

  expectNothingLost(stack, await after.end(), under);
  expect(pageLoads(stack)).toBe(loads + 2);
});

const INCOMPATIBLE = [
  {
    type: "tokenfailed",
    code: "worker_incompatible",
    resource: "*",
    scopes: [],
    reason: null,
    correlationId: null,
    outcome: "bare",
  },
];

test("an old page under a worker of another protocol version says so, and attaches tokens by itself", async ({
  site,
  stack,
}) => {
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  serveWorker(stack, await buildOtherVersion("sw/bearer-sw.ts"));
  await update(site);
  await takenOver(site);
  await expect.poll(() => site.events("tokenfailed")).toEqual(INCOMPATIBLE);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });
  expect(await requestByXhr(site)).toBe(200);
  // A request that only a worker could authorize goes out bare, and at once.
  await requestByImage(site);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "bearer", "none"]);
  expect(await site.events("tokenfailed")).toEqual(INCOMPATIBLE);
});

test("requests have their answers while a worker of another protocol version takes over", async ({
  site,
  stack,
}) => {
  const traffic = await startTraffic(site, 20);
  await moreAnswers(traffic);
  serveWorker(stack, await buildOtherVersion("sw/bearer-sw.ts"));
  await update(site);
  await moreAnswers(traffic);
  await traffic.end();
  const last = await startTraffic(site, 5);
  await takenOver(site);
  await moreAnswers(last, 5);
  const trips = [...(await traffic.trips()), ...(await last.end())];

  // Requests between the change and the page's notice of it go out bare, since no worker waits for the page.
  expect(trips.filter(({ status }) => ![200, 401].includes(status))).toEqual([]);
  expect(trips.at(-1)).toMatchObject({ status: 200 });
  expect(await site.events("tokenfailed")).toEqual(INCOMPATIBLE);
});

test("a new page whose worker's file is of another protocol version says so, and attaches tokens by itself", async ({
  open,
  page,
  stack,
}) => {
  const older = await open();
  await older.signIn();
  stack.site.override("/bearer-page.js", {
    body: await buildOtherVersion("page/index.ts"),
  });
  await page.reload();
  await older.attached();

  await expect.poll(() => older.events("tokenfailed")).toEqual(INCOMPATIBLE);
  expect(await older.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(older)).toBe(200);

  // The worker's file of the page's own version works after a reload.
  serveWorker(stack, await buildOtherVersion("sw/bearer-sw.ts"));
  await update(older);
  await takenOver(older);
  await page.reload();
  await older.attached();
  expect(await requestByXhr(older)).toBe(200);
  expect(await older.events("tokenfailed")).toEqual([]);
});
