import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, requestByXhr, SitePage, test } from "./fixtures.ts";

const LOST = {
  type: "tokenfailed",
  resource: "*",
  scopes: [],
  code: "worker_map_differs",
  reason: null,
  correlationId: null,
  outcome: "bare",
};
const ORDERS = { "/api/*": ["api://orders/Data.Read"] };

/** The options of a page whose map names the media API alone. */
const mediaOnly = (stack: Stack) => ({
  attach: { protectedResourceMap: { [`${stack.api.origin}/media/*`]: ["api://media/Media.Read"] } },
});

const open = (page: Page, stack: Stack, attach: object): Promise<SitePage> =>
  SitePage.open(page, stack, { attach });

const losses = (site: SitePage) => site.events("tokenfailed");

test("a page whose worker is replaced by one with another map says so once, and attaches tokens by itself", async ({
  context,
  page,
  stack,
}) => {
  const older = await open(page, stack, { protectedResourceMap: ORDERS });
  await older.signIn();
  expect(await older.fetch("/api/orders")).toMatchObject({ status: 200 });

  const newer = await SitePage.open(await context.newPage(), stack, mediaOnly(stack));
  await expect.poll(() => losses(older)).toEqual([LOST]);

  // The key is gone from the worker's map, and is served in the tab that was loaded with it.
  expect(await older.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(older)).toBe(200);
  await older.run(() => window.attached.then((attachment) => attachment.forgetTokens()));
  expect(await older.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "bearer", "bearer"]);
  expect(await losses(older)).toEqual([LOST]);
  expect(await losses(newer)).toEqual([]);
});

test("a page that reloads after that has its own worker again, and the other page is the one that says so", async ({
  context,
  page,
  stack,
}) => {
  const one = await open(page, stack, { protectedResourceMap: ORDERS });
  await one.signIn();
  const other = await SitePage.open(await context.newPage(), stack, mediaOnly(stack));
  await expect.poll(() => losses(one)).toEqual([LOST]);

  await one.page.reload();
  await one.attached();
  await expect.poll(() => losses(other)).toEqual([LOST]);
  expect(await one.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await losses(one)).toEqual([]);
});

test("two apps below paths of their own, each with its own script, keep their workers", async ({
  context,
  page,
  stack,
}) => {
  const app = async (name: string, tab: Page, attach: object): Promise<SitePage> => {
    const { origin } = stack.site;
    const script = await (await fetch(`${origin}/bearer-sw.js`)).text();
    const html = await (await fetch(`${origin}/`)).text();
    stack.site.override(`/${name}/bearer-sw.js`, {
      body: script,
      headers: { "Content-Type": "text/javascript" },
    });
    stack.site.override(`/${name}/`, { body: html, headers: { "Content-Type": "text/html" } });
    const options = { attach: { serviceWorker: `/${name}/bearer-sw.js`, ...attach } };
    return await SitePage.open(tab, stack, options, `/${name}/`);
  };
  const one = await app("one", page, { protectedResourceMap: ORDERS });
  await one.signIn();
  const other = await app("other", await context.newPage(), mediaOnly(stack).attach);
  await other.signInSilently();

  expect(await requestByXhr(one)).toBe(200);
  expect(await other.fetch("api:/media/photo")).toMatchObject({ status: 200 });
  await one.page.reload();
  await one.attached();
  expect(await requestByXhr(one)).toBe(200);
  expect(await other.fetch("api:/media/photo")).toMatchObject({ status: 200 });
  expect([...(await losses(one)), ...(await losses(other))]).toEqual([]);
});
