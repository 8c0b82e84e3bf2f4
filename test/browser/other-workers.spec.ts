import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { test } from "./elsewhere.ts";
import { authorizations, expect, SitePage } from "./fixtures.ts";

const READ = "api://orders/Data.Read";

/** Puts the site's page and worker into a folder, too, and opens the page. */
async function openInFolder(page: Page, stack: Stack, attach: object = {}): Promise<SitePage> {
  const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));
  stack.site.override("/app/", {
    body: file("test/browser/site/index.html"),
  });
  stack.site.override("/app/bearer-sw.js", {
    body: file("dist/bearer-sw.js"),
  });
  return await SitePage.open(
    page,
    stack,
    { attach: { serviceWorker: "/app/bearer-sw.js", ...attach } },
    "/app/",
  );
}

/** Registers a worker as a script would that somebody injected, and waits until it is active. */
const register = (site: SitePage, script: string, scope: string) =>
  site.run(`(async () => {
    const registration = await navigator.serviceWorker.register(${JSON.stringify(script)}, { scope: "${scope}" });
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    if (worker.state === "activated") return;
    await new Promise((resolve) => {
      worker.onstatechange = () => worker.state === "activated" && resolve();
    });
  })()`);

const ask = (site: SitePage, url: string): Promise<void> =>
  site.run(`new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.onloadend = () => resolve();
    request.open("GET", ${JSON.stringify(url)});
    request.send();
  })`);

test("another worker of the origin gets nothing from the page, whatever it says", async ({ open, stack }) => {
  stack.site.override("/other/worker.js", {
    body: `
      const replies = [];
      onmessage = async ({ data, source, ports: [done] }) => {
        if (data === "report") return done.postMessage(replies);
        for (const client of await clients.matchAll({ includeUncontrolled: true })) {
          for (const type of ["identify", "acquire", "observed", "running", "announce"]) {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => replies.push(data);
            client.postMessage({ bearerWorker: 1, type, ...data, request: {}, observing: true }, [port2]);
          }
        }
        done.postMessage("said");
      };
      addEventListener("message", ({ data }) => data.bearerWorker && replies.push(data));`,
  });
  const site = await open();
  await site.signIn();
  await register(site, "/other/worker.js", "/other/");
  const tell = (message: string) =>
    site.run(`navigator.serviceWorker.getRegistration("/other/").then(({ active }) => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      active.postMessage(${message}, [port2]);
    }))`);

  await tell(`{ account: window.msal.getActiveAccount().homeAccountId, url: location.origin + "/api/orders",
    method: "GET", scopes: "${READ}", purpose: "request", challenge: null }`);
  // The page hears workers in turn: when it has answered ours, it has passed over the other.
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(await tell(`"report"`)).toEqual([]);
  expect(await site.run("window.attached.then(({ ignoredMessages }) => ignoredMessages)")).toBe(0);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a page outside the worker's scope gets nothing from it and changes nothing", async ({
  page,
  stack,
}) => {
  const app = await openInFolder(page, stack);
  await app.signIn();
  const second = await openInFolder(await page.context().newPage(), stack);
  await second.recordRequests();
  stack.site.override("/outside.html", { body: "<!doctype html>" });
  const outside = await page.context().newPage();
  await outside.goto(`${stack.site.origin}/outside.html`);
  await outside.evaluate(
    async (account) => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      navigator.serviceWorker.onmessage = ({ data }) => heard.push(data);
      const worker = (await navigator.serviceWorker.getRegistration("/app/"))?.active;
      if (!worker) throw new Error("There is no worker to speak to");
      worker.postMessage({ bearerWorker: 1, type: "announce", account, observing: true });
    },
    await app.run<string>("window.msal.getActiveAccount().homeAccountId"),
  );

  expect(await app.fetch("/api/orders?secret")).toMatchObject({ status: 200 });
  expect(await outside.evaluate(() => fetch("/api/orders?outside").then(({ status }) => status))).toBe(401);

  // A page of the app that listens does hear of it.
  await expect.poll(() => second.events("request")).toHaveLength(1);
  expect(await outside.evaluate("window.heard")).toEqual([]);
});

test("a worker that was registered with a foreign map sends tokens to nothing outside the page's own", async ({
  elsewhere,
  page,
  stack,
}) => {
  const site = await openInFolder(page, stack, { serviceWorker: "/bearer-sw.js", scope: "/" });
  await site.signIn();
  const map = { "/api/*": READ, [`${elsewhere.origin}/*`]: READ, "/elsewhere": READ };
  const query = Object.entries(map).map(([key, scopes]) => `${encodeURIComponent(key)}=${scopes}`);
  // A narrower scope than the site's own worker has: it stays in control of the page, also of the next one.
  await register(site, `/bearer-sw.js?bearer-worker=1&${query.join("&")}`, "/app/");
  await page.reload();
  expect(await site.run("navigator.serviceWorker.controller.scriptURL")).toContain("elsewhere");

  await ask(site, `${elsewhere.origin}/before`);
  await ask(site, "/api/orders");
  await ask(site, `${elsewhere.origin}/after`);
  await site.run(`new Promise((resolve) => {
    const image = new Image();
    image.onload = image.onerror = resolve;
    image.src = "${elsewhere.origin}/image";
  })`);

  // It is in use, and has the token.
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
  expect(elsewhere.visits).toEqual(
    ["/before", "/after", "/image"].map((path) => ({ method: "GET", path, authorized: false })),
  );
});

test("a foreign map cannot have other scopes than the page's own", async ({ page, stack }) => {
  const site = await openInFolder(page, stack, { serviceWorker: "/bearer-sw.js", scope: "/" });
  await site.signIn();
  await register(site, `/bearer-sw.js?bearer-worker=1&/api/*=api://orders/Data.Write`, "/app/");
  await page.reload();

  await ask(site, "/api/orders");

  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});
