import { setTimeout as elapse } from "node:timers/promises";
import type { BrowserContext } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, SitePage, tokenRequests } from "./fixtures.ts";
import { inTime } from "./in-time.ts";
import { test } from "./real-tabs.ts";

const ADA = "ada@contoso.example";

/** Two tabs of one user, the second in front: it is asked first. The worker knows neither of them, and has no token. */
async function openTabs(tabs: BrowserContext, stack: Stack): Promise<{ behind: SitePage; front: SitePage }> {
  const behind = await SitePage.open(await tabs.newPage(), stack);
  await behind.signIn();
  const front = await SitePage.open(await tabs.newPage(), stack);
  await front.signInSilently();
  await front.page.bringToFront();
  await expect.poll(() => behind.run("document.visibilityState")).toBe("hidden");
  await behind.stopWorker();
  return { behind, front };
}

/** Lets the worker know the tab's account, by way of another API: each request asks for a token of its own. */
const introduce = (site: SitePage) => site.fetch("api:/media/photo");

/** Whose tokens reached the API with orders. */
const orders = (stack: Stack): (string | null)[] =>
  stack.api.received.filter(({ path }) => path === "/api/orders").map(({ token }) => token?.username ?? null);

/** Goes to another site, and leaves the page in the back-forward cache. */
const leave = ({ page, stack }: SitePage) =>
  page.goto(`${stack.provider.issuer}/.well-known/openid-configuration`);

/** Is the page stuck when the next one is asked, it takes no longer than this many milliseconds; deadlines are of 30 s. */
const SOON = 10_000;

const soon = <Value>(answer: Promise<Value>) => inTime(answer, SOON);

const FAULTS: Record<string, (front: SitePage, behind: SitePage) => Promise<unknown>> = {
  "is frozen": (front) => front.freeze(),
  "is busy for 20 seconds": (front) =>
    front.run("void setTimeout(() => { for (const end = Date.now() + 20_000; Date.now() < end; ); })"),
  crashes: (front) => front.crash(),
  "is closed": (front) => front.page.close(),
  "leaves for another page": (front) => front.page.goto("about:blank"),
  "goes into the back-forward cache": (front) => leave(front),
};

for (const [happens, fault] of Object.entries(FAULTS)) {
  test(`when the tab in front ${happens}, the one behind is asked`, async ({ tabs, stack }) => {
    const { behind, front } = await openTabs(tabs, stack);
    await introduce(front);
    await introduce(behind);

    await fault(front, behind);

    expect(await soon(behind.fetch("/api/orders"))).toMatchObject({ status: 200 });
    expect(orders(stack)).toEqual([ADA]);
  });

  test(`when the tab in front ${happens} while it is asked, the one behind is asked`, async ({
    tabs,
    stack,
  }) => {
    const { behind, front } = await openTabs(tabs, stack);
    const before = tokenRequests(stack).length;
    // MSAL waits in the tab in front.
    stack.provider.fault("token", "hang", { count: 1 });
    const answer = behind.fetch("/api/orders");
    await expect.poll(() => tokenRequests(stack).length).toBe(before + 1);

    await fault(front, behind);

    // Whether a crash takes the worker along, and the request with it, is for Chromium to say.
    const got = await soon(answer);
    if (happens !== "crashes") expect(got).toMatchObject({ status: 200 });
    expect(await soon(behind.fetch("/api/orders"))).toMatchObject({ status: 200 });
    expect(new Set(orders(stack))).toEqual(new Set([ADA]));
  });
}

test("a page that comes back from the back-forward cache has its tokens, though its worker was stopped meanwhile", async ({
  tabs,
  stack,
}) => {
  const site = await SitePage.open(await tabs.newPage(), stack);
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await site.run(`void addEventListener("pageshow", ({ persisted }) => (window.persisted = persisted))`);

  await leave(site);
  await site.stopWorker();
  // No page loads: it is the same.
  await site.page.goBack({ waitUntil: "commit" });

  expect(await site.run("window.persisted")).toBe(true);
  expect(await soon(site.fetch("/api/orders"))).toMatchObject({ status: 200 });
  expect(orders(stack)).toEqual([ADA, ADA]);
});

test("a tab in the background has its tokens, with no other of the site's there", async ({ tabs, stack }) => {
  const site = await SitePage.open(await tabs.newPage(), stack);
  await site.signIn();
  const other = await tabs.newPage();
  await other.bringToFront();
  await expect.poll(() => site.run("document.visibilityState")).toBe("hidden");

  for (let i = 0; i < 3; i++) {
    await site.stopWorker();
    expect(await soon(site.fetch("/api/orders"))).toMatchObject({ status: 200 });
  }

  expect(orders(stack)).toEqual([ADA, ADA, ADA]);
});

/** Starts a request, and stands still right after, until 20 seconds have passed. */
const FETCH_AND_BE_BUSY = `(() => {
  const answer = fetch("/api/orders").then(({ status }) => status, () => 0);
  for (const end = Date.now() + 20_000; Date.now() < end; );
  window.freeAgain = Date.now();
  return answer.then((status) => ({ status, freeAgain: window.freeAgain }));
})()`;
type Busy = { status: number; freeAgain: number };

for (const isKnown of [true, false]) {
  test(`a page that is busy for 20 seconds has the answer after, in a worker that knows ${isKnown ? "it" : "nothing"}`, async ({
    tabs,
    stack,
  }) => {
    const site = await SitePage.open(await tabs.newPage(), stack);
    await site.signIn();
    if (isKnown) await introduce(site);
    else await site.stopWorker();

    expect(await site.run<Busy>(FETCH_AND_BE_BUSY)).toMatchObject({ status: 200 });

    expect(orders(stack)).toEqual([ADA]);
  });
}

test("what a page asks for while it is busy is sent with a token of the next page's", async ({
  tabs,
  stack,
}) => {
  const { behind, front } = await openTabs(tabs, stack);
  await introduce(front);
  await introduce(behind);

  const { status, freeAgain } = await front.run<Busy>(FETCH_AND_BE_BUSY);

  expect(status).toBe(200);
  expect(orders(stack)).toEqual([ADA]);
  expect(stack.api.received.at(-1)?.at).toBeLessThan(freeAgain - SOON);
});

test("a tab that opens while a busy one's request waits for it does not wait as well", async ({
  tabs,
  stack,
}) => {
  // Who opens it is signed in at once.
  const options = { msal: { cache: { cacheLocation: "localStorage" } } };
  const busy = await SitePage.open(await tabs.newPage(), stack, options);
  await busy.signIn();
  await introduce(busy);
  const waiting = busy.run<Busy>(FETCH_AND_BE_BUSY);
  // By the clock: the worker's second try, which does not know of the new tab, begins after a second, and nobody sees it.
  await elapse(2_000);

  const opened = await SitePage.open(await tabs.newPage(), stack, options);

  expect(await soon(opened.fetch("/api/orders"))).toMatchObject({ status: 200 });
  expect(await waiting).toMatchObject({ status: 200 });
  expect(orders(stack)).toEqual([ADA, ADA]);
});
