import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, requestByImage, requestByXhr, SitePage, test } from "./fixtures.ts";

const LOST = {
  type: "tokenfailed",
  resource: "*",
  scopes: [],
  code: "worker_map_differs",
  reason: null,
  correlationId: null,
  outcome: "bare",
};
/** The keys of a page that the worker which loaded it did not know. */
const lacked = (resource: string, scope: string) => [{ ...LOST, resource, scopes: [scope] }];
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

  const tab = await context.newPage();
  const newerWarnings: string[] = [];
  tab.on("console", (message) => message.type() === "warning" && newerWarnings.push(message.text()));
  const newer = await SitePage.open(tab, stack, mediaOnly(stack));
  await expect.poll(() => losses(older)).toEqual([LOST]);

  // The key is gone from the worker's map, and is served in the tab that was loaded with it.
  expect(await older.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(older)).toBe(200);
  await older.run(() => window.attached.then((attachment) => attachment.forgetTokens()));
  expect(await older.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "bearer", "bearer"]);
  expect(await losses(older)).toEqual([LOST]);
  expect(await losses(newer)).toEqual(lacked(`${stack.api.origin}/media/*`, "api://media/Media.Read"));
  expect(newerWarnings).toEqual([expect.stringContaining("two apps share one scope")]);
  await newer.signInSilently();
  expect(await newer.fetch("api:/media/photo")).toMatchObject({ status: 200 });

  // Its next load is the new worker's from the beginning.
  await newer.page.reload();
  await newer.attached();
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
  const media = lacked(`${stack.api.origin}/media/*`, "api://media/Media.Read");
  await expect.poll(() => losses(other)).toEqual([...media, LOST]);
  expect(await one.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await losses(one)).toEqual(lacked(`${stack.site.origin}/api/*`, "api://orders/Data.Read"));
});

test("a map that gains no key serves its page from the first load on, images too", async ({
  context,
  page,
  stack,
}) => {
  const older = await open(page, stack, { protectedResourceMap: { ...ORDERS, "/elsewhere/*": ["a"] } });
  await older.signIn();
  await older.page.close();

  const newer = await open(await context.newPage(), stack, { protectedResourceMap: ORDERS });
  await newer.signInSilently();
  await requestByImage(newer);

  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
  expect(await losses(newer)).toEqual([]);
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
