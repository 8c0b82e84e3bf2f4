import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";
import { type Stack, startStack } from "../../dev/start-stack.ts";
import { authorizations, expect, received, SitePage } from "./fixtures.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const SITE = fileURLToPath(new URL("site", import.meta.url));

/** A site in a directory of its own, with the files of `init`, and a function that runs `remove` there. */
const test = base.extend<{ installed: { stack: Stack; remove: () => void } }>({
  installed: async ({}, use) => {
    const directory = test.info().outputPath("site");
    mkdirSync(directory);
    // The sources of the site end here.
    writeFileSync(test.info().outputPath("package.json"), "{}");
    for (const name of ["index.html", "site.js"]) copyFileSync(`${SITE}/${name}`, `${directory}/${name}`);
    const run = (command: string) => execFileSync(process.execPath, [CLI, command, directory]);
    run("init");
    const stack = await startStack({ port: 0, roots: [directory] });
    await use({ stack, remove: () => run("remove") });
    await stack.close();
  },
});

/** Has the browser look for a newer worker, which `remove` has put in place. */
const lookForUpdate = (site: SitePage): Promise<void> =>
  site.run(async () => {
    await (await navigator.serviceWorker.ready).update();
  });

test("an open page's requests go out as it made them after remove, without a reload", async ({
  page,
  installed: { stack, remove },
}) => {
  const site = await SitePage.open(page, stack);
  await site.signIn();
  await site.run(() => void Object.assign(window, { stillHere: true }));
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  remove();
  await lookForUpdate(site);
  await expect.poll(() => site.registrations()).toBe(0);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "none"]);
  expect(await site.run(() => "stillHere" in window)).toBe(true);
});

test("a visitor who comes back after remove has no worker from the second page on", async ({
  page,
  installed: { stack, remove },
}) => {
  const site = await SitePage.open(page, stack);
  await site.signIn();
  await site.fetch("/api/orders");
  remove();
  // The site's pages no longer attach tokens. The browser's own update check alone finds the new file.
  stack.site.override("/", { body: "<!doctype html><title>Plain</title>" });

  await page.reload();
  await expect.poll(() => site.registrations()).toBe(0);
  await page.reload();

  expect(await site.run(() => navigator.serviceWorker.controller)).toBeNull();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  expect(received(stack, "/api/orders").at(-1)).toMatchObject({ authorization: "none" });
  // The same file answers for every configuration in the query.
  const update = stack.site.received.findLast(({ path }) => path === "/bearer-sw.js");
  expect(update?.query).toContain("bearer-worker=1");
});

test("a request in flight when the worker removes itself gets its answer", async ({
  page,
  installed: { stack, remove },
}) => {
  const site = await SitePage.open(page, stack);
  await site.signIn();
  await site.fetch("/api/orders");
  stack.api.settings.delayMs["/api/orders"] = 4_000;
  const slow = site.fetch("/api/orders");
  await expect.poll(() => received(stack, "/api/orders").length).toBe(2);

  remove();
  await lookForUpdate(site);

  expect(await slow).toMatchObject({ status: 200 });
  await expect.poll(() => site.registrations()).toBe(0);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});

test("a worker of the site's own that imports bearer-sw.js stays after remove, and attaches no token", async ({
  page,
  installed: { stack, remove },
}) => {
  stack.site.override("/sw.js", {
    body: `
      importScripts("/bearer-sw.js");
      bearerWorker.registerTokenRoute({ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });
      bearerWorker.authorizeFetch();
      self.addEventListener("fetch", (event) => {
        if (new URL(event.request.url).pathname === "/own") event.respondWith(new Response("the site's own"));
      });`,
  });
  stack.site.override("/", { body: "<!doctype html><title>Plain</title>" });
  remove();
  await page.goto(stack.site.origin);
  const site = await SitePage.of(page, stack);

  await site.run(async () => {
    const { installing } = await navigator.serviceWorker.register("/sw.js");
    await new Promise<void>((resolve) =>
      installing?.addEventListener("statechange", () => {
        if (installing.state === "activated" || installing.state === "redundant") resolve();
      }),
    );
  });
  await page.reload();

  expect(await site.registrations()).toBe(1);
  expect(await site.run(() => fetch("/own").then((response) => response.text()))).toBe("the site's own");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});
