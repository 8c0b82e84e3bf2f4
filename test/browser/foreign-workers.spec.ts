import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, requestByImage, requestByXhr, SitePage, test } from "./fixtures.ts";

const file = (path: string): string =>
  readFileSync(new URL(`../../node_modules/${path}`, import.meta.url), "utf8");

/** A page whose script attaches, with workers of other packages at hand. */
async function openSite(page: Page, stack: Stack, script: string): Promise<SitePage> {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Site</title>
    <script src="/demo-config.js"></script><script src="/bearer-page.js"></script>
    <script src="/msw.js"></script><script src="/site.js"></script>`;
  stack.site.override("/index.html", { body: html });
  stack.site.override("/mockServiceWorker.js", { body: file("msw/lib/mockServiceWorker.js") });
  stack.site.override("/msw.js", { body: file("msw/lib/iife/index.js") });
  stack.site.override("/site.js", {
    body: `
      window.events = [];
      window.msal = new bearerWorker.PublicClientApplication({
        cache: { cacheLocation: "localStorage" },
        auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
      });
      const attach = (options) =>
        bearerWorker.attachTokens(window.msal, {
          protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
          ...options,
        }).then((attachment) => {
          attachment.addEventListener("tokenfailed", ({ detail }) => window.events.push({ type: "tokenfailed", ...detail }));
          return attachment;
        });
      const mock = () =>
        MockServiceWorker.setupWorker(
          MockServiceWorker.http.get("/api/mocked", () => MockServiceWorker.HttpResponse.json({ mocked: true })),
        ).start({ onUnhandledRequest: "bypass", quiet: true });
      window.attached = (async () => { ${script} })();
      window.attached.catch(({ code, message }) => window.events.push({ type: "rejected", code, message }));`,
  });
  const site = await SitePage.of(page, stack);
  await page.goto(`${stack.site.origin}/index.html`);
  return site;
}

const controller = (site: SitePage): Promise<string | undefined> =>
  site.run(() =>
    navigator.serviceWorker.controller?.scriptURL.replace(location.origin, "").replace(/\?.*/, ""),
  );

test("MSW that was started first keeps its place, and attachTokens names its script", async ({
  page,
  stack,
}) => {
  const site = await openSite(page, stack, "await mock(); return await attach();");

  await expect.poll(() => site.events("rejected")).toMatchObject([{ code: "other_worker" }]);
  expect((await site.events("rejected"))[0]?.["message"]).toContain("/mockServiceWorker.js");
  expect(await controller(site)).toBe("/mockServiceWorker.js");
});

const ATTACH_FIRST = "const attachment = await attach(); await mock(); return attachment;";
for (const [order, earlier, script] of [
  ["before attachTokens", null, `await mock(); return await attach({ fallback: "fetch" });`],
  ["after attachTokens", null, ATTACH_FIRST],
  ["after attachTokens in a page under our worker", "return await attach();", ATTACH_FIRST],
] as const) {
  test(`beside MSW that is started ${order}, mocks win and other calls keep their token`, async ({
    page,
    stack,
  }) => {
    if (earlier) {
      await (await openSite(page, stack, earlier)).attached();
      await expect.poll(async () => controller(await SitePage.of(page, stack))).toBe("/bearer-sw.js");
    }
    const site = await openSite(page, stack, script);
    await site.attached();
    await site.signIn();
    await expect
      .poll(() => site.events("tokenfailed"))
      .toMatchObject([{ code: "other_worker", resource: "*" }]);

    expect(await site.fetch("/api/mocked")).toMatchObject({ status: 200, body: { mocked: true } });
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
    expect(await requestByXhr(site)).toBe(200);

    expect(authorizations(stack, "/api/mocked")).toEqual([]);
    expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
    expect(await controller(site)).toBe("/mockServiceWorker.js");
  });
}

test("with MSW joined in one script mocks win, and every other protected request keeps its token", async ({
  page,
  stack,
}) => {
  const map = `{ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } }`;
  stack.site.override("/dev-sw.js", {
    body: `
      importScripts("/bearer-sw.js");
      bearerWorker.authorizeFetch(${map});
      importScripts("/mockServiceWorker.js");
      bearerWorker.registerTokenRoute(${map});`,
  });
  const site = await openSite(
    page,
    stack,
    `const { http, HttpResponse, setupWorker } = MockServiceWorker;
     await setupWorker(http.get("/api/mocked", () => HttpResponse.json({ mocked: true })))
       .start({ onUnhandledRequest: "bypass", quiet: true, serviceWorker: { url: "/dev-sw.js" } });
     return await attach({ serviceWorker: navigator.serviceWorker.ready });`,
  );
  await site.attached();
  await site.signIn();

  expect(await site.fetch("/api/mocked")).toMatchObject({ status: 200, body: { mocked: true } });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestByXhr(site)).toBe(200);
  await requestByImage(site);

  expect(authorizations(stack, "/api/mocked")).toEqual([]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "bearer"]);
  expect(await controller(site)).toBe("/dev-sw.js");
  expect(await site.events("tokenfailed")).toEqual([]);
});

/** A site that registers a worker of its own, which takes control at once. */
const eager = (code = ""): { body: string } => ({
  body: `${code}
    addEventListener("install", () => skipWaiting());
    addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
});

test("a script that the site registers as well as attachTokens is named when it takes the page", async ({
  page,
  stack,
}) => {
  stack.site.override("/sw.js", eager(`importScripts("/bearer-sw.js");`));
  const site = await openSite(page, stack, `return await attach({ serviceWorker: "/sw.js" });`);
  await site.attached();
  await site.signIn();
  expect(await requestByXhr(site)).toBe(200);

  await site.run(() => void navigator.serviceWorker.register("/sw.js"));

  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ code: "other_worker", resource: "*" }]);
  expect(await requestByXhr(site)).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});

test("a site's own worker without a token route is named, and calls get their token in the page", async ({
  page,
  stack,
}) => {
  stack.site.override("/plain-sw.js", eager(`addEventListener("fetch", () => undefined);`));
  const site = await openSite(
    page,
    stack,
    `void navigator.serviceWorker.register("/plain-sw.js");
     return await attach({ serviceWorker: navigator.serviceWorker.ready });`,
  );
  await site.attached();
  await site.signIn();

  await expect
    .poll(() => site.events("tokenfailed"), { timeout: 15_000 })
    .toMatchObject([{ code: "worker_without_route", resource: "*" }]);
  expect(await requestByXhr(site)).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a site's own worker that is replaced by one with another name stays the site's own", async ({
  page,
  stack,
}) => {
  const body = `importScripts("/bearer-sw.js");
    bearerWorker.registerTokenRoute({ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });`;
  stack.site.override("/old-sw.js", eager(body));
  stack.site.override("/new-sw.js", eager(body));
  const site = await openSite(
    page,
    stack,
    `return await attach({ serviceWorker: await navigator.serviceWorker.register("/old-sw.js") });`,
  );
  await site.attached();
  await site.signIn();
  expect(await requestByXhr(site)).toBe(200);

  await site.run(() => void navigator.serviceWorker.register("/new-sw.js"));
  await expect.poll(() => controller(site)).toBe("/new-sw.js");

  expect(await requestByXhr(site)).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  expect(await site.events("tokenfailed")).toEqual([]);
});

test("a registration that does not reach the page is named at once", async ({ page, stack }) => {
  stack.site.override("/push-sw.js", eager());
  const register = (scope: string): string =>
    `await navigator.serviceWorker.register("/push-sw.js", { scope: "${scope}" })`;

  const outside = await openSite(
    page,
    stack,
    `return await attach({ serviceWorker: ${register("/push/")} });`,
  );
  await expect.poll(() => outside.events("rejected")).toMatchObject([{ code: "page_out_of_scope" }]);

  stack.site.override("/near-sw.js", eager());
  const beneath = await openSite(
    page,
    stack,
    `await navigator.serviceWorker.register("/near-sw.js", { scope: "/index.html" });
     return await attach({ serviceWorker: ${register("/")} });`,
  );
  await expect.poll(() => beneath.events("rejected")).toMatchObject([{ code: "other_worker" }]);
  expect((await beneath.events("rejected"))[0]?.["message"]).toContain("/near-sw.js");
});

test("a browser that refuses the use of service workers is named, and the fallback attaches tokens in the page", async ({
  page,
  stack,
}) => {
  // Chromium does so where the user blocks the data of sites.
  await page.addInitScript(() => {
    const refuse = (): Promise<never> => Promise.reject(new DOMException("denied", "NotSupportedError"));
    ServiceWorkerContainer.prototype.getRegistration = refuse;
    ServiceWorkerContainer.prototype.register = refuse;
  });
  const refused = await openSite(page, stack, "return await attach();");
  await expect.poll(() => refused.events("rejected")).toMatchObject([{ code: "service_worker_unavailable" }]);

  const site = await openSite(page, stack, `return await attach({ fallback: "fetch" });`);
  await site.attached();
  await site.signIn();
  expect(await requestByXhr(site)).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a worker left over from an earlier version of the site gives way once the site unregisters it", async ({
  page,
  stack,
}) => {
  stack.site.override("/old-sw.js", {
    body: `addEventListener("install", () => skipWaiting()); addEventListener("activate", () => clients.claim());`,
  });
  const older = await openSite(
    page,
    stack,
    `await navigator.serviceWorker.register("/old-sw.js");
     await new Promise((resolve) => navigator.serviceWorker.controller ? resolve() : (navigator.serviceWorker.oncontrollerchange = resolve));`,
  );
  await older.run(() => window.attached.then(() => undefined));
  const site = await openSite(
    page,
    stack,
    `const old = await navigator.serviceWorker.getRegistration();
     if (old?.active?.scriptURL.endsWith("/old-sw.js")) await old.unregister();
     return await attach();`,
  );
  await site.attached();
  await site.signIn();

  expect(await requestByXhr(site)).toBe(200);
  expect(await controller(site)).toBe("/bearer-sw.js");
  expect(await site.events("tokenfailed")).toEqual([]);
});

/** Serves Angular's worker, and a manifest of the app's files. */
async function serveAngular(stack: Stack, dataGroups: readonly object[] = []): Promise<void> {
  stack.site.override("/ngsw-worker.js", { body: file("@angular/service-worker/ngsw-worker.js") });
  const files = ["/index.html", "/bearer-page.js", "/site.js", "/demo-config.js", "/msw.js"];
  const hashOf = async (path: string): Promise<[string, string]> => {
    const body = Buffer.from(await (await fetch(stack.site.origin + path)).arrayBuffer());
    return [path, createHash("sha1").update(body).digest("hex")];
  };
  stack.site.override("/ngsw.json", {
    body: JSON.stringify({
      configVersion: 1,
      timestamp: 1,
      index: "/index.html",
      assetGroups: [
        {
          name: "app",
          installMode: "prefetch",
          updateMode: "prefetch",
          cacheQueryOptions: { ignoreVary: true },
          urls: files,
          patterns: [],
        },
      ],
      dataGroups,
      hashTable: Object.fromEntries(await Promise.all(files.map(hashOf))),
      navigationUrls: [
        { positive: true, regex: "^\\/.*$" },
        { positive: false, regex: "^\\/.*\\.[^/]*$" },
      ],
      navigationRequestStrategy: "performance",
    }),
  });
}

const angularState = (site: SitePage): Promise<string> =>
  site.run(() => fetch("/ngsw/state").then((response) => response.text()));

test("Angular's worker, joined in one script, works beside ours", async ({ page, stack }) => {
  stack.site.override("/sw.js", {
    body: `importScripts("/bearer-sw.js"); bearerWorker.registerTokenRoute(); importScripts("/ngsw-worker.js");`,
  });
  const site = await openSite(page, stack, `return await attach({ serviceWorker: "/sw.js" });`);
  await serveAngular(stack);
  await site.attached();
  await site.signIn();
  await page.reload();
  await site.attached();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await expect.poll(() => angularState(site)).toContain("Driver state: NORMAL");
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
  expect(await site.events("tokenfailed")).toEqual([]);
  // Angular's worker has the app's files, so the app starts without its server.
  await expect
    .poll(() =>
      site.run(async () => {
        const names = await caches.keys();
        const found = await Promise.all(
          names.map(async (name) => await (await caches.open(name)).match("/site.js")),
        );
        return found.some(Boolean);
      }),
    )
    .toBe(true);
  const bringBack = await stack.takeDown("site");
  await page.reload();
  await site.attached();
  await bringBack();
});

test("Angular's worker answers protected requests from its data groups, with tokens, until the user's answers are deleted", async ({
  page,
  stack,
}) => {
  stack.site.override("/sw.js", {
    body: `importScripts("/bearer-sw.js"); bearerWorker.authorizeFetch();
      importScripts("/ngsw-worker.js"); bearerWorker.registerTokenRoute();`,
  });
  const site = await openSite(page, stack, `return await attach({ serviceWorker: "/sw.js" });`);
  await serveAngular(stack, [
    {
      name: "orders",
      patterns: ["\\/api\\/orders$"],
      strategy: "freshness",
      maxSize: 10,
      maxAge: 3_600_000,
      timeoutMs: 5_000,
      version: 1,
    },
  ]);
  await site.attached();
  await site.signIn();
  await page.reload();
  await site.attached();
  await expect.poll(() => angularState(site)).toContain("Driver state: NORMAL");

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.fetch("/api/orders/report.csv")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders/report.csv")).toEqual(["bearer"]);
  await stack.api.revokeTokens();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer", "bearer"]);
  expect(await site.events("tokenfailed")).toEqual([]);

  await page.context().setOffline(true);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await site.run(async () => {
    for (const name of await caches.keys()) {
      if (!name.startsWith("ngsw:") || !name.includes(":data:")) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) await cache.delete(request);
    }
  });
  expect((await site.fetch("/api/orders")).status).toBe(504);
  await page.context().setOffline(false);
});

test("a site gives the promise of its registration", async ({ page, stack }) => {
  stack.site.override("/sw.js", {
    body: `importScripts("/bearer-sw.js");
      bearerWorker.registerTokenRoute({ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });`,
  });
  const site = await openSite(
    page,
    stack,
    `void navigator.serviceWorker.register("/sw.js");
     return await attach({ serviceWorker: navigator.serviceWorker.ready });`,
  );
  await site.attached();
  await site.signIn();

  expect(await requestByXhr(site)).toBe(200);
  expect(await controller(site)).toBe("/sw.js");
});
