import { build } from "esbuild";
import type { Stack } from "../../dev/start-stack.ts";
import {
  authorizations,
  expect,
  received,
  requestByImage,
  requestByXhr,
  SitePage,
  test,
  tokenRequests,
} from "./fixtures.ts";
import { inTime } from "./in-time.ts";

/** The scopes of the API's photos. */
const PHOTO_SCOPES = ["api://media/Media.Read"];
const MAP = `{ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } }`;

/** Gives the site a worker of its own, bundled with the built package as a site would do, and a page that registers the worker. */
async function ownWorker(stack: Stack, source: string, attach = "registration", map = MAP): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: ".", sourcefile: "sw.js" },
    alias: { "bearer-worker/sw": "./dist/sw.js" },
    bundle: true,
    write: false,
    format: "iife",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  stack.site.override("/sw.js", {
    body: outputFiles[0]?.text ?? "",
  });
  page(stack, attach, map);
}

function page(stack: Stack, serviceWorker: string, map = MAP): void {
  stack.site.override("/site.js", {
    body: `
      window.events = [];
      window.msal = new bearerWorker.PublicClientApplication({
        auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
      });
      window.attached = (async () => {
        const registration = ${serviceWorker === "registration" ? `await navigator.serviceWorker.register("/sw.js")` : "null"};
        return bearerWorker.attachTokens(window.msal, {
          ...${map},
          serviceWorker: ${serviceWorker},
        }).then((attachment) => {
          attachment.addEventListener("tokenfailed", ({ detail }) =>
            window.events.push({ type: "tokenfailed", ...detail }));
          return attachment;
        });
      })();`,
  });
}

/** A route of the site's own worker. */
const OTHER_ROUTES = `
  self.addEventListener("fetch", (event) => {
    if (new URL(event.request.url).pathname === "/own") event.respondWith(new Response("the site's own"));
  });`;

const own = (site: SitePage): Promise<string> =>
  site.run(() => fetch("/own").then((response) => response.text()));

for (const [order, source] of [
  ["before", `registerTokenRoute(${MAP}); ${OTHER_ROUTES}`],
  ["after", `${OTHER_ROUTES} registerTokenRoute(${MAP});`],
] as const) {
  test(`registerTokenRoute ${order} the site's own routes leaves them their requests`, async ({
    page,
    stack,
  }) => {
    await ownWorker(stack, `import { registerTokenRoute } from "bearer-worker/sw"; ${source}`);
    const site = await SitePage.open(page, stack);
    await site.signIn();

    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
    expect(await own(site)).toBe("the site's own");
    await site.stopWorker();
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

    expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
    // The only registration is the site's own.
    const scripts = await site.run(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(({ active }) => active?.scriptURL),
    );
    expect(scripts).toEqual([`${stack.site.origin}/sw.js`]);
  });
}

test("a map of everything in the site's own worker leaves the redirect page alone, and keeps tokens at hand", async ({
  page,
  stack,
}) => {
  const everything = `{ protectedResourceMap: { "/*": ["api://orders/Data.Read"] } }`;
  await ownWorker(
    stack,
    `import { registerTokenRoute } from "bearer-worker/sw"; registerTokenRoute(${everything}); ${OTHER_ROUTES}`,
    "registration",
    everything,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();
  await site.recordRequests();
  await site.fetch("/api/orders");

  for (const path of ["/bearer-redirect.html", "/bearer-redirect.js", "/api/orders"])
    await site.fetch(`${path}?mine`);

  const mine = stack.site.received.filter(({ query }) => query === "mine");
  expect(mine.map(({ path, authorized }) => [path, authorized])).toEqual([
    ["/bearer-redirect.html", false],
    ["/bearer-redirect.js", false],
    ["/api/orders", true],
  ]);
  await expect
    .poll(async () => (await site.events("request")).map(({ token }) => token))
    .toEqual(["page", "none", "none", "memory"]);
});

test("a classic worker imports bearer-sw.js", async ({ page: tab, stack }) => {
  stack.site.override("/sw.js", {
    body: `importScripts("/bearer-sw.js"); bearerWorker.registerTokenRoute(${MAP}); ${OTHER_ROUTES}`,
  });
  page(stack, "registration");
  const site = await SitePage.open(tab, stack);
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await own(site)).toBe("the site's own");
});

test("a worker of the site's own that attachTokens registers finds the map in its URL", async ({
  page,
  stack,
}) => {
  await ownWorker(
    stack,
    `import { registerTokenRoute } from "bearer-worker/sw"; registerTokenRoute(); ${OTHER_ROUTES}`,
    `"/sw.js"`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await own(site)).toBe("the site's own");
});

test("detach leaves the site's own worker where it is, without tokens", async ({ page, stack }) => {
  await ownWorker(
    stack,
    `import { registerTokenRoute } from "bearer-worker/sw"; registerTokenRoute(${MAP}); ${OTHER_ROUTES}`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();
  await site.fetch("/api/orders");

  await site.run(() => window.attached.then((attachment) => attachment.detach()));
  await site.fetch("/api/orders");

  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "none"]);
  expect(await own(site)).toBe("the site's own");
});

test("a key that the site's own worker lacks is named by an event, and its calls get their token in the page", async ({
  page,
  stack,
}) => {
  await ownWorker(
    stack,
    `import { registerTokenRoute } from "bearer-worker/sw";
    registerTokenRoute({ protectedResourceMap: { "/elsewhere/*": ["api://orders/Data.Read"] } });`,
  );
  await page.addInitScript(() => {
    addEventListener("error", ({ message }) => window.events.push({ type: "error", message }));
  });
  const site = await SitePage.open(page, stack);
  await site.signIn();
  const resource = `${stack.site.origin}/api/*`;
  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ resource, code: "worker_map_incomplete" }]);
  expect((await site.events("error"))[0]?.["message"]).toContain(resource);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  // A page that its worker controls from the start can hear of it before it has attached.
  await page.addInitScript(() => {
    const heard = new Promise((resolve) => addEventListener("error", resolve, { once: true }));
    const container = navigator.serviceWorker;
    const getRegistration = container.getRegistration.bind(container);
    container.getRegistration = async (...given) => {
      await heard;
      return await getRegistration(...given);
    };
  });
  await page.reload();
  await site.attached();
  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ resource, code: "worker_map_incomplete" }]);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});

test("a key is named that the site's own worker lacks though its URL has it", async ({ page, stack }) => {
  await ownWorker(
    stack,
    `import { registerTokenRoute } from "bearer-worker/sw";
    registerTokenRoute({ protectedResourceMap: { "/elsewhere/*": ["api://orders/Data.Read"] } });
    self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));`,
    `"/sw.js"`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();

  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ resource: `${stack.site.origin}/api/*`, code: "worker_map_incomplete" }]);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a key that a newer version of the site's own worker drops is named in the tab that is open", async ({
  page,
  stack,
}) => {
  const version = (map: string): string => `
    import { registerTokenRoute } from "bearer-worker/sw";
    registerTokenRoute(${map});
    self.addEventListener("install", () => self.skipWaiting());
    self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));`;
  await ownWorker(stack, version(MAP));
  const site = await SitePage.open(page, stack);
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.events("tokenfailed")).toEqual([]);

  await ownWorker(stack, version(`{ protectedResourceMap: { "/elsewhere/*": ["api://orders/Data.Read"] } }`));
  await site.run(async () => void (await navigator.serviceWorker.ready).update());

  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ resource: `${stack.site.origin}/api/*`, code: "worker_map_incomplete" }]);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});

/** A listener above `registerTokenRoute` that answers the requests for which `condition` holds. */
const earlier = (condition: string): string => `
  import { registerTokenRoute } from "bearer-worker/sw";
  self.addEventListener("fetch", (event) => {
    if (${condition}) event.respondWith(fetch(event.request));
  });
  registerTokenRoute(${MAP});`;

test("an earlier listener that answers everything leaves calls their token, which the page attaches, and is named when a request goes bare", async ({
  page,
  stack,
}) => {
  await ownWorker(stack, earlier("true"));
  const site = await SitePage.open(page, stack);
  await site.signIn();
  // The page finds out once it is idle.
  await expect.poll(async () => (await site.fetch("/api/orders")).status).toBe(200);
  expect(await site.events("tokenfailed")).toEqual([]);

  await requestByImage(site);

  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ code: "worker_preempted", resource: "*" }]);
  expect(authorizations(stack, "/api/orders").at(-1)).toBe("none");
});

test("an earlier listener that leaves protected requests alone is not named", async ({ page, stack }) => {
  await ownWorker(stack, earlier(`!event.request.url.includes("/api/")`));
  const looked = page.waitForRequest((request) => request.method() === "HEAD");
  const site = await SitePage.open(page, stack);
  await site.signIn();
  await looked;

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await requestByImage(site);

  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  expect(await site.events("tokenfailed")).toEqual([]);
});

test("a strategy's request that a signed-out visitor makes is not taken for one that an earlier listener took", async ({
  page,
  stack,
}) => {
  await ownWorker(
    stack,
    `${strategy("NetworkOnly")}
    import { registerTokenRoute } from "bearer-worker/sw";
    registerTokenRoute(${MAP});`,
  );
  const site = await SitePage.open(page, stack);

  expect(await requestByXhr(site)).toBe(401);
  await site.signIn();
  expect(await requestByXhr(site)).toBe(200);

  expect(await site.events("tokenfailed")).toEqual([]);
});

test("an earlier listener that begins to answer later is named when it begins", async ({ page, stack }) => {
  await ownWorker(
    stack,
    `${earlier(`self.isTaken && event.request.url.includes("/api/")`)}
    self.addEventListener("message", ({ data }) => { if (data === "take") self.isTaken = true; });`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.events("tokenfailed")).toEqual([]);

  await site.run(() => navigator.serviceWorker.controller?.postMessage("take"));
  expect(await requestByXhr(site)).toBe(401);

  await expect
    .poll(() => site.events("tokenfailed"))
    .toMatchObject([{ code: "worker_preempted", resource: "*" }]);
  expect(await requestByXhr(site)).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "none", "bearer"]);
});

/** A source of tokens that has an account, and cannot get ready: an attachment fails. */
const FAILING_SOURCE = `{
  providerOrigins: [], redirectPages: [], account: () => "ada", subscribe: () => () => {},
  ready: () => Promise.reject(new Error("no provider")),
  acquireSilent: () => new Promise(() => {}), acquireInteractive: async () => null,
}`;

/** An answer takes no longer than this many milliseconds. A worker waits fifteen seconds and more for a silent page. */
const SOON = 10_000;

for (const [title, attachesAgain, status, authorization] of [
  [
    "a page whose source fails before its promise of a registration settles tells its worker that it is signed out",
    false,
    401,
    "none",
  ],
  [
    "a page that attaches anew after such a failure, and before the promise settles, answers its worker for the new attachment",
    true,
    200,
    "bearer",
  ],
] as const) {
  test(title, async ({ page, stack }) => {
    await ownWorker(
      stack,
      `import { registerTokenRoute } from "bearer-worker/sw"; registerTokenRoute(${MAP});`,
    );
    const site = await SitePage.open(page, stack);
    await site.signIn();
    stack.site.override("/site.js", {
      body: `
        window.msal = new bearerWorker.PublicClientApplication({
          auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
        });
        const registration = new Promise((resolve) => { window.settle = resolve; });
        window.failed = bearerWorker.attachTokens(${FAILING_SOURCE}, { ...${MAP}, serviceWorker: registration })
          .catch(({ message }) => message);`,
    });
    await page.reload();
    if (attachesAgain) {
      await site.run(`window.attached = bearerWorker.attachTokens(window.msal, {
        ...${MAP},
        serviceWorker: navigator.serviceWorker.ready,
      }).then(() => undefined)`);
    }
    await site.run("navigator.serviceWorker.ready.then(window.settle)");
    expect(await site.run("window.failed")).toBe("no provider");

    expect(await inTime(site.fetch("/api/orders"), SOON)).toMatchObject({ status });
    expect(authorizations(stack, "/api/orders")).toEqual([authorization]);
  });
}

test("a wrong map in the site's own worker stops its registration", async ({ page, stack }) => {
  await ownWorker(
    stack,
    `import { registerTokenRoute } from "bearer-worker/sw";
    registerTokenRoute({ protectedResourceMap: { "https://*.com/*": ["a"] } });`,
    `"/sw.js"`,
  );
  await page.goto(stack.site.origin);

  expect(await page.evaluate(() => window.attached.catch(({ code }: { code: string }) => code))).toBe(
    "worker_registration_failed",
  );
});

const strategy = (name: string, path = "/api/") => `
  import { BearerTokenPlugin } from "bearer-worker/sw";
  import { ${name} } from "workbox-strategies";
  const strategy = new ${name}({ cacheName: "orders", plugins: [new BearerTokenPlugin(${MAP})] });
  self.addEventListener("fetch", (event) => {
    if (event.request.url.includes("${path}")) event.respondWith(strategy.handle(event));
  });`;

test("a NetworkFirst strategy sends tokens, replays after a challenge, and answers offline from its cache", async ({
  page,
  stack,
}) => {
  await ownWorker(stack, strategy("NetworkFirst"));
  const site = await SitePage.open(page, stack);
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await stack.api.revokeTokens();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await page.context().setOffline(true);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(stack.api.received.map(({ status, authorization }) => [status, authorization])).toEqual([
    [200, "bearer"],
    [401, "bearer"],
    [200, "bearer"],
  ]);
});

test("a StaleWhileRevalidate strategy answers from its cache and revalidates with a token", async ({
  page,
  stack,
}) => {
  await ownWorker(stack, strategy("StaleWhileRevalidate"));
  const site = await SitePage.open(page, stack);
  await site.signIn();

  for (let i = 1; i <= 3; i++) {
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
    await expect.poll(() => received(stack, "/api/orders").length).toBe(i);
  }

  expect(authorizations(stack, "/api/orders")).toEqual(Array(3).fill("bearer"));
});

test("a strategy of the site's own that sends several requests gives each its own token, and none to a server outside the map", async ({
  page,
  stack,
}) => {
  const media = `${stack.api.origin}/media`;
  const map = JSON.stringify({
    protectedResourceMap: { "/api/*": ["api://orders/Data.Read"], [`${media}/photo`]: PHOTO_SCOPES },
  });
  await ownWorker(
    stack,
    `import { BearerTokenPlugin } from "bearer-worker/sw";
    import { Strategy } from "workbox-strategies";
    class InTurn extends Strategy {
      async _handle(request, handler) {
        await handler.fetch("/api/orders");
        return await handler.fetch("/mirror");
      }
    }
    class AtOnce extends Strategy {
      async _handle(request, handler) {
        const [orders] = await Promise.all([handler.fetch("/api/orders"), handler.fetch("${media}/photo")]);
        return orders;
      }
    }
    const plugins = [new BearerTokenPlugin(${map})];
    const strategies = { "/in-turn": new InTurn({ plugins }), "/at-once": new AtOnce({ plugins }) };
    self.addEventListener("fetch", (event) => {
      const strategy = strategies[new URL(event.request.url).pathname];
      if (strategy) event.respondWith(strategy.handle(event));
    });`,
    "registration",
    map,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();

  stack.site.override("/mirror", {
    status: 401,
    headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
  });
  expect(await site.fetch("/in-turn")).toMatchObject({ status: 401 });
  const mirrored = stack.site.received.filter(({ path }) => path === "/mirror");
  expect(mirrored.map(({ authorized }) => authorized)).toEqual([false]);

  // The refusal of the orders comes once the photo has its token.
  await stack.api.revokeTokens();
  stack.api.settings.delayMs["/api/orders"] = 500;
  expect(await site.fetch("/at-once")).toMatchObject({ status: 200 });
  const statusesOf = (wanted: string): unknown[] =>
    stack.api.received.filter(({ path }) => path === wanted).map(({ status }) => status);
  expect(statusesOf("/api/orders")).toEqual([200, 401, 200]);
  expect(statusesOf("/media/photo")).toEqual([200]);
});

test("a request that the site's own route answers first stays with it, and the rest of the map gets tokens", async ({
  page,
  stack,
}) => {
  await ownWorker(
    stack,
    `${strategy("NetworkFirst", "/api/orders/report")}
    import { registerTokenRoute } from "bearer-worker/sw";
    registerTokenRoute({ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();

  expect(await site.fetch("/api/orders/report.csv")).toMatchObject({ status: 200 });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(stack.api.received.map(({ path, authorization }) => [path, authorization])).toEqual([
    ["/api/orders/report.csv", "bearer"],
    ["/api/orders", "bearer"],
  ]);
  const cached = await site.run(async () => {
    const requests = await (await caches.open("orders")).keys();
    return requests.map(({ url }) => new URL(url).pathname);
  });
  expect(cached).toEqual(["/api/orders/report.csv"]);
});

test("a strategy answers from its cache when no token can be had", async ({ page, stack }) => {
  await ownWorker(stack, strategy("NetworkFirst"));
  const site = await SitePage.open(page, stack);
  await site.signIn();
  await site.fetch("/api/orders");
  stack.provider.stop();
  await site.page.reload();
  await site.attached();
  await site.stopWorker();
  await site.run(() => {
    for (const key of Object.keys(sessionStorage)) {
      if (key.includes("accesstoken")) sessionStorage.removeItem(key);
    }
  });

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders")).toHaveLength(1);
});

for (const [cors, title] of [
  ["anyone", "an API that allows any origin, and so no cookies"],
  ["complete", "an API that allows this origin"],
] as const) {
  test(`an image of ${title} has its token by a strategy, and is shown from its cache afterwards`, async ({
    page,
    stack,
  }) => {
    const map = JSON.stringify({ protectedResourceMap: { [`${stack.api.origin}/media/*`]: PHOTO_SCOPES } });
    await ownWorker(
      stack,
      `import { BearerTokenPlugin } from "bearer-worker/sw";
      import { CacheFirst } from "workbox-strategies";
      const strategy = new CacheFirst({ cacheName: "photos", plugins: [new BearerTokenPlugin(${map})] });
      self.addEventListener("fetch", (event) => {
        if (event.request.url.includes("/media/")) event.respondWith(strategy.handle(event));
      });`,
      "registration",
      map,
    );
    const site = await SitePage.open(page, stack);
    await site.signIn();
    stack.api.settings.cors = cors;
    const load = (): Promise<string> =>
      site.run(
        (url) =>
          new Promise<string>((resolve) => {
            const image = new Image();
            image.onload = () => resolve("load");
            image.onerror = () => resolve("error");
            image.src = url;
          }),
        `${stack.api.origin}/media/photo`,
      );

    expect(await load()).toBe("load");
    await page.reload();
    await site.attached();
    expect(await load()).toBe("load");

    expect(authorizations(stack, "/media/photo")).toEqual(["bearer"]);
  });
}

test("a call of a worker's own fetch that waits for its token ends with the caller's reason once it is aborted", async ({
  page,
  stack,
}) => {
  await ownWorker(
    stack,
    `import { authorizeFetch } from "bearer-worker/sw";
    authorizeFetch(${MAP});
    const caller = new AbortController();
    self.addEventListener("message", ({ data }) => { if (data === "abort") caller.abort("too late"); });
    self.addEventListener("fetch", (event) => {
      if (new URL(event.request.url).pathname !== "/own") return;
      const call = fetch("/api/orders", { signal: caller.signal });
      event.respondWith(call.then(({ status }) => new Response(status), (reason) => new Response(String(reason))));
    });`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();
  const before = tokenRequests(stack).length;
  stack.provider.fault("token", "hang", { count: 1 });
  const answer = own(site);
  await expect.poll(() => tokenRequests(stack).length).toBe(before + 1);

  await site.run(() => navigator.serviceWorker.controller?.postMessage("abort"));

  expect(await answer).toBe("too late");
  expect(received(stack, "/api/orders")).toEqual([]);
});
