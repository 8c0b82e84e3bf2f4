import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { test } from "./elsewhere.ts";
import { authorizations, expect, SitePage } from "./fixtures.ts";
import { identityOf, pageNotices, workerMessages } from "./hostile-messages.ts";

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

/** Registers a worker as an injected script would, and waits until it is active. */
const register = (site: SitePage, script: string, scope: string): Promise<void> =>
  site.run(
    async (wanted) => {
      const registration = await navigator.serviceWorker.register(wanted.script, { scope: wanted.scope });
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      if (!worker || worker.state === "activated") return;
      await new Promise<void>((resolve) => {
        worker.onstatechange = () => void (worker.state === "activated" && resolve());
      });
    },
    { script, scope },
  );

test("another worker of the origin gets no answer from the page to any message", async ({ open, stack }) => {
  stack.site.override("/other/worker.js", {
    body: `
      const replies = [];
      onmessage = async ({ data, source, ports: [done] }) => {
        if (data === "report") return done.postMessage(replies);
        for (const client of await clients.matchAll({ includeUncontrolled: true })) {
          for (const message of data) {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => replies.push(data);
            client.postMessage(message, [port2]);
          }
        }
        done.postMessage("said");
      };
      addEventListener("message", ({ data, ports }) => ports.length === 0 && replies.push(data));`,
  });
  const site = await open();
  await site.signIn();
  await site.recordRequests();
  await register(site, "/other/worker.js", "/other/");
  const tell = (message: unknown): Promise<unknown> =>
    site.run(async (data) => {
      const registration = await navigator.serviceWorker.getRegistration("/other/");
      return await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = (event) => resolve(event.data);
        registration?.active?.postMessage(data, [port2]);
      });
    }, message);

  const { account } = await identityOf(site);
  expect(await tell(workerMessages(account, `${stack.site.origin}/api/orders?forged`))).toBe("said");
  // The page receives messages in order: once it has answered its own worker, it has ignored the other's.
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(await tell("report")).toEqual([]);
  await expect.poll(() => site.events("request")).toHaveLength(1);
  expect(await site.events("tokenfailed")).toEqual([]);
  expect(await site.run(() => window.attached.then(({ ignoredMessages }) => ignoredMessages))).toBe(0);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a page outside the worker's scope gets nothing from it and changes nothing", async ({
  page,
  stack,
}) => {
  const app = await openInFolder(page, stack);
  await app.signIn();
  const second = await openInFolder(await page.context().newPage(), stack);
  await second.signInSilently();
  await second.recordRequests();
  stack.site.override("/outside.html", { body: "<!doctype html>" });
  const outside = await page.context().newPage();
  await outside.goto(`${stack.site.origin}/outside.html`);
  const { account, map } = await identityOf(app);
  await outside.evaluate(
    async (notices) => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      navigator.serviceWorker.onmessage = ({ data }) => heard.push(data);
      navigator.serviceWorker.startMessages();
      const worker = (await navigator.serviceWorker.getRegistration("/app/"))?.active;
      if (!worker) throw new Error("There is no worker to speak to");
      for (const notice of notices) {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => heard.push(data);
        worker.postMessage(notice, [port2]);
      }
    },
    pageNotices(account, map),
  );

  expect(await app.fetch("/api/orders?secret")).toMatchObject({ status: 200 });
  expect(await outside.evaluate(() => fetch("/api/orders?outside").then(({ status }) => status))).toBe(401);

  // A page of the app with the same account, which listens, receives the event.
  await expect.poll(() => second.events("request")).toHaveLength(1);
  expect(await outside.evaluate(() => "heard" in window && window.heard)).toEqual([]);
});
