import { setTimeout as elapse } from "node:timers/promises";
import type { BrowserContext } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, SitePage, tokenRequests } from "./fixtures.ts";
import { inTime } from "./in-time.ts";
import { test } from "./real-tabs.ts";

const ADA = "ada@contoso.example";

declare global {
  interface Window {
    /** Whether the page came from the back-forward cache. */
    persisted: boolean;
  }
}

/** Two tabs of one user. The second is in front, so it is asked first. The worker knows neither tab and has no token. */
async function openTabs(tabs: BrowserContext, stack: Stack): Promise<{ behind: SitePage; front: SitePage }> {
  const behind = await SitePage.open(await tabs.newPage(), stack);
  await behind.signIn();
  const front = await SitePage.open(await tabs.newPage(), stack);
  await front.signInSilently();
  await front.page.bringToFront();
  await expect.poll(() => behind.run(() => document.visibilityState)).toBe("hidden");
  await behind.stopWorker();
  return { behind, front };
}

/** Lets the worker know the tab's account by a request to another API, which has a token of its own. */
const introduce = (site: SitePage) => site.fetch("api:/media/photo");

/** The users whose tokens reached the API with orders. */
const orders = (stack: Stack): (string | null)[] =>
  stack.api.received.filter(({ path }) => path === "/api/orders").map(({ token }) => token?.username ?? null);

/** Goes to another site, and leaves the page in the back-forward cache. */
const leave = ({ page, stack }: SitePage) =>
  page.goto(`${stack.provider.issuer}/.well-known/openid-configuration`);

/** An answer from the next page takes no longer than this many milliseconds. Deadlines are of 30 s. */
const SOON = 10_000;

const soon = <Value>(answer: Promise<Value>) => inTime(answer, SOON);

const FAULTS: Record<string, (front: SitePage) => Promise<unknown>> = {
  "is frozen": (front) => front.freeze(),
  "is busy for 20 seconds": (front) =>
    front.run(() => {
      const stayBusy = (): void => {
        for (const end = Date.now() + 20_000; Date.now() < end;);
      };
      setTimeout(stayBusy);
    }),
  crashes: (front) => front.crash(),
  "is closed": (front) => front.page.close(),
  "leaves for another page": (front) => front.page.goto("about:blank"),
  "goes into the back-forward cache": (front) => leave(front),
};

for (const [happens, fault] of Object.entries(FAULTS)) {
  test(`the tab behind is asked when the tab in front ${happens} while it is asked, and from then on`, async ({
    tabs,
    stack,
  }) => {
    const { behind, front } = await openTabs(tabs, stack);
    const before = tokenRequests(stack).length;
    // MSAL waits in the tab in front.
    stack.provider.fault("token", "hang", { count: 1 });
    const answer = behind.fetch("/api/orders");
    await expect.poll(() => tokenRequests(stack).length).toBe(before + 1);

    await fault(front);

    // A crash may take the worker and its request along.
    const got = await soon(answer);
    if (happens !== "crashes") expect(got).toMatchObject({ status: 200 });
    expect(await soon(behind.fetch("/api/orders"))).toMatchObject({ status: 200 });
    // An order needs another scope, so the worker asks for another token.
    expect(await soon(behind.fetch("/api/orders", { method: "POST" }))).toMatchObject({ status: 201 });
    expect(new Set(orders(stack))).toEqual(new Set([ADA]));
  });
}

test("a page that returns from the back-forward cache has its tokens, even if its worker was stopped meanwhile", async ({
  tabs,
  stack,
}) => {
  const site = await SitePage.open(await tabs.newPage(), stack);
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await site.run(() => addEventListener("pageshow", ({ persisted }) => void (window.persisted = persisted)));

  await leave(site);
  await site.stopWorker();
  // The same document returns, so there is no load event.
  await site.page.goBack({ waitUntil: "commit" });

  expect(await site.run(() => window.persisted)).toBe(true);
  expect(await soon(site.fetch("/api/orders"))).toMatchObject({ status: 200 });
  expect(orders(stack)).toEqual([ADA, ADA]);
});

test("a tab in the background has its tokens when it is the site's only tab", async ({ tabs, stack }) => {
  const site = await SitePage.open(await tabs.newPage(), stack);
  await site.signIn();
  const other = await tabs.newPage();
  await other.bringToFront();
  await expect.poll(() => site.run(() => document.visibilityState)).toBe("hidden");

  for (let i = 0; i < 3; i++) {
    await site.stopWorker();
    expect(await soon(site.fetch("/api/orders"))).toMatchObject({ status: 200 });
  }

  expect(orders(stack)).toEqual([ADA, ADA, ADA]);
});

/**
 * Longer than other pages may take to acknowledge: they are asked for 10 seconds in all, and the page that makes the
 * request for 15 seconds by a worker that has never heard from it. In milliseconds.
 */
const BUSY_FOR = 12_000;

/** A busy page sees the cookie at once, and no message. */
const FREE = "free=1";

/** Starts a request, and is busy from then on until the time is over or the cookie `FREE` is set. */
const fetchAndBeBusy = (
  site: SitePage,
  milliseconds: number,
): Promise<{ status: number; freeAgain: number }> =>
  site.run(
    async (busy) => {
      const answer = fetch("/api/orders").then(
        ({ status }) => status,
        () => 0,
      );
      for (
        const end = Date.now() + busy.milliseconds;
        Date.now() < end && !document.cookie.includes(busy.until);
      );
      const freeAgain = Date.now();
      return { status: await answer, freeAgain };
    },
    { milliseconds, until: FREE },
  );

const setFree = async ({ page, stack }: SitePage): Promise<void> => {
  const [name = "", value = ""] = FREE.split("=");
  await page.context().addCookies([{ name, value, url: stack.site.origin }]);
};

test(`a page that is busy for ${BUSY_FOR / 1_000} seconds has the answer after, from a worker that knew no page`, async ({
  tabs,
  stack,
}) => {
  const site = await SitePage.open(await tabs.newPage(), stack);
  await site.signIn();
  await site.stopWorker();

  expect(await fetchAndBeBusy(site, BUSY_FOR)).toMatchObject({ status: 200 });

  expect(orders(stack)).toEqual([ADA]);
});

test("a page that is busy for longer than it is waited for has tokens again as soon as it is free", async ({
  tabs,
  stack,
}) => {
  const site = await SitePage.open(await tabs.newPage(), stack);
  await site.signIn();
  await site.stopWorker();

  expect(await fetchAndBeBusy(site, 17_000)).toMatchObject({ status: 401 });

  await expect.poll(async () => (await site.fetch("/api/orders")).status).toBe(200);
  expect(orders(stack).at(-1)).toBe(ADA);
});

test("a busy page's request is sent with a token of the next page", async ({ tabs, stack }) => {
  const { behind, front } = await openTabs(tabs, stack);
  await introduce(front);
  await introduce(behind);

  const answer = fetchAndBeBusy(front, 2 * SOON);
  await expect.poll(() => orders(stack), { timeout: SOON }).toEqual([ADA]);
  await setFree(behind);

  expect((await answer).status).toBe(200);
  expect(orders(stack)).toEqual([ADA]);
  expect(stack.api.received.at(-1)?.at).toBeLessThan((await answer).freeAgain);
});

test("a new tab does not wait with a busy tab's request", async ({ tabs, stack }) => {
  // The account is in localStorage, so the new tab is signed in at once.
  const options = { msal: { cache: { cacheLocation: "localStorage" } } };
  const busy = await SitePage.open(await tabs.newPage(), stack, options);
  await busy.signIn();
  await introduce(busy);
  const waiting = fetchAndBeBusy(busy, 25_000);
  // The worker asks the busy tab a second time after one second, without the new tab, and no event tells of that.
  await elapse(2_000);

  const opened = await SitePage.open(await tabs.newPage(), stack, options);
  expect(await soon(opened.fetch("/api/orders"))).toMatchObject({ status: 200 });
  const answeredAt = Date.now();
  await setFree(opened);

  const { status, freeAgain } = await waiting;
  expect(status).toBe(200);
  expect(answeredAt).toBeLessThan(freeAgain);
  expect(orders(stack)).toEqual([ADA, ADA]);
});
