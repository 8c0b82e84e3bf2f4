import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, requestByImage, SitePage, test } from "./fixtures.ts";

const READ = "api://orders/Data.Read";
const OPTIONS = { attach: { serviceWorker: "/bearer-sw.js", scope: "/" } };

/** Opens a page below `/app/`, whose own worker has the scope `/`. */
async function openInFolder(page: Page, stack: Stack): Promise<SitePage> {
  stack.site.override("/app/", {
    body: readFileSync(new URL("site/index.html", import.meta.url)),
    headers: { "Content-Type": "text/html" },
  });
  return await SitePage.open(page, stack, OPTIONS, "/app/");
}

/**
 * Registers our script as an injected script would, with a map and a scope of its choosing, in a page that has not attached:
 * an attached page notices, and removes the worker.
 */
async function register(site: SitePage, query: string, scope: string): Promise<void> {
  site.stack.site.override("/unattached", {
    body: "<!doctype html>",
    headers: { "Content-Type": "text/html" },
  });
  await site.page.goto(`${site.stack.site.origin}/unattached`);
  await site.run(
    async ([url, within]) => {
      const { installing } = await navigator.serviceWorker.register(url, { scope: within });
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (!installing || installing.state === "activated") resolve();
        };
        installing?.addEventListener("statechange", look);
        look();
      });
    },
    [`/bearer-sw.js?bearer-worker=1&${query}`, scope] as const,
  );
}

const xhr = (site: SitePage, url: string): Promise<number> =>
  site.run(
    (address) =>
      new Promise<number>((resolve) => {
        const request = new XMLHttpRequest();
        request.onloadend = () => resolve(request.status);
        request.open("GET", address);
        request.send();
      }),
    url,
  );

test("a worker that injected script has left behind sends no token where the page's map has none", async ({
  page,
  stack,
}) => {
  const site = await openInFolder(page, stack);
  await site.signIn();
  const foreign = [
    "navigations=1",
    ...["/api/*", "/tenant-b/*", "/elsewhere", "/app/other"].map((key) => `${key}=${READ}`),
    `${encodeURIComponent(`${stack.api.origin}/*`)}=${READ}`,
  ];
  await register(site, foreign.join("&"), "/app/");
  for (const path of ["/elsewhere", "/tenant-b/log"]) stack.site.override(path, { body: "" });
  stack.site.override("/app/other", {
    body: "<!doctype html>other",
    headers: { "Content-Type": "text/html" },
  });

  await page.goto(site.url(OPTIONS, "/app/"));
  await site.attached();
  expect(await site.run(() => navigator.serviceWorker.controller?.scriptURL)).toContain("navigations=1");
  await site.fetch("/api/orders");
  for (const url of ["/tenant-b/log", "/elsewhere", `${stack.api.origin}/media/photo`]) await xhr(site, url);
  const other = await page.context().newPage();
  await other.goto(`${stack.site.origin}/app/other`);
  await other.close();

  const authorized = (path: string) =>
    stack.site.received.filter((request) => request.path === path).map((request) => request.authorized);
  expect(authorized("/tenant-b/log")).toEqual([false]);
  expect(authorized("/elsewhere")).toEqual([false]);
  expect(authorized("/app/other")).toEqual([false]);

  // The page says so once, removes the worker, and is its own worker's at the next load.
  await expect
    .poll(() => site.events("tokenfailed"))
    .toEqual([expect.objectContaining({ resource: "*", code: "worker_map_differs" })]);
  expect(await site.registrations()).toBe(1);
  await page.goto(site.url(OPTIONS, "/app/"));
  await site.attached();
  expect(await site.run(() => navigator.serviceWorker.controller?.scriptURL)).not.toContain("navigations=1");
  expect(await xhr(site, "/api/orders")).toBe(200);
  expect(await site.events("tokenfailed")).toEqual([]);
});

test("a worker whose map has other scopes than the page's own gets no token", async ({ page, stack }) => {
  const site = await openInFolder(page, stack);
  await site.signIn();
  await register(site, "/api/*=api://orders/Data.Write", "/app/");

  await page.goto(site.url(OPTIONS, "/app/"));
  await site.attached();

  // The page serves its own calls. An image asks the worker.
  await requestByImage(site);
  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});

test("an attached page notices the worker of an injected script when that takes control, and removes it", async ({
  page,
  stack,
}) => {
  const site = await openInFolder(page, stack);
  await site.signIn();
  const other = await SitePage.open(await page.context().newPage(), stack);

  await register(other, `/*=${READ}`, "/app/");

  await expect.poll(() => site.events("tokenfailed")).toMatchObject([{ code: "worker_map_differs" }]);
  await expect.poll(() => site.registrations()).toBe(1);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test("a page whose own scripts are held by the map of a worker left behind starts all the same", async ({
  page,
  stack,
}) => {
  const site = await openInFolder(page, stack);
  await site.signIn();
  await register(site, `/*=${READ}`, "/app/");

  await page.goto(site.url(OPTIONS, "/app/"));
  await site.attached();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await expect.poll(() => site.events("tokenfailed")).toMatchObject([{ code: "worker_map_differs" }]);
  const scripts = stack.site.received.filter(({ path }) => path.endsWith(".js"));
  expect(scripts.filter(({ authorized }) => authorized)).toEqual([]);
});
