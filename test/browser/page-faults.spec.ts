import type { BrowserContext } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, SitePage } from "./fixtures.ts";
import { test } from "./real-tabs.ts";

const ADA = "ada@contoso.example";

/** Two tabs of one user, the second in front: it is asked first. The worker knows neither of them, and has no token. */
async function openTabs(tabs: BrowserContext, stack: Stack): Promise<{ behind: SitePage; front: SitePage }> {
  const behind = await SitePage.open(await tabs.newPage(), stack);
  await behind.signIn();
  const front = await SitePage.open(await tabs.newPage(), stack);
  await front.page.evaluate((loginHint) => window.msal.ssoSilent({ loginHint }), ADA);
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

/** Token requests of tabs that wait for an answer of MSAL's. */
const tokensAsked = (stack: Stack): number =>
  stack.provider.requests.filter(({ endpoint }) => endpoint === "token").length;

/** Is the page stuck when the next one is asked, it takes no longer than this many milliseconds; deadlines are of 30 s. */
const SOON = 10_000;

/** A request that is waited for no longer than `SOON`. */
const soon = <Value>(answer: Promise<Value>): Promise<Value | "too late"> =>
  Promise.race([answer, new Promise<"too late">((resolve) => setTimeout(resolve, SOON, "too late"))]);

const FAULTS: Record<string, (front: SitePage, behind: SitePage) => Promise<unknown>> = {
  "is frozen": (front) => front.freeze(),
  "is busy for 20 seconds": (front) =>
    front.run("void setTimeout(() => { for (const end = Date.now() + 20_000; Date.now() < end; ); })"),
  crashes: (front) => front.crash(),
  "is closed": (front) => front.page.close(),
  "leaves for another page": (front) => front.page.goto("about:blank"),
  "goes into the back-forward cache": (front, { stack }) => front.page.goto(`${stack.api.origin}/elsewhere`),
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
    const before = tokensAsked(stack);
    // MSAL waits in the tab in front.
    stack.provider.fault("token", "hang", { count: 1 });
    const answer = behind.fetch("/api/orders");
    await expect.poll(() => tokensAsked(stack)).toBe(before + 1);

    await fault(front, behind);

    // Whether a crash takes the worker along, and the request with it, is for Chromium to say.
    const got = await soon(answer);
    if (happens !== "crashes") expect(got).toMatchObject({ status: 200 });
    expect(await soon(behind.fetch("/api/orders"))).toMatchObject({ status: 200 });
    expect(new Set(orders(stack))).toEqual(new Set([ADA]));
  });
}
