import { authorizations, expect, received, replaceScript, requestByXhr, SitePage, test } from "./fixtures.ts";
import { NEWER_WORKER } from "./other-version.ts";

test("requests have their tokens after a reload and a hard reload", async ({ site, page, stack }) => {
  await page.reload();
  await site.attached();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await site.hardReload();
  await site.attached();
  expect(await site.run(() => navigator.serviceWorker.controller !== null)).toBe(true);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});

test("a request that a page's HTML starts before its scripts run waits for them", async ({
  site: { page },
  stack,
}) => {
  stack.site.override("/early.html", {
    body: `<img src="${stack.api.origin}/media/photo"><script src="/demo-config.js"></script>
      <script src="/bearer-page.js"></script><script src="/site.js"></script>`,
  });

  await page.goto(`${stack.site.origin}/early.html`);

  await expect
    .poll(() => page.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .not.toBe(0);
  expect(authorizations(stack, "/media/photo")).toEqual(["bearer"]);
});

test("a new map is a new worker, and the page has it when attachTokens resolves", async ({
  site,
  open,
  page,
  stack,
}) => {
  await open({ attach: { protectedResourceMap: { "/api/health": ["api://orders/Data.Read"] } } }, page);

  await site.fetch("/api/health");
  await site.fetch("/api/orders");

  expect(authorizations(stack, "/api/health")).toEqual(["bearer"]);
  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});

test("attachTokens gives the same attachment until detach, which takes the worker out of the page", async ({
  site,
  stack,
}) => {
  /** Whether a second call gives the attachment that the page has. */
  const attachAgain = (): Promise<boolean> =>
    site.run(async () => {
      const first = await window.attached;
      window.attached = bearerWorker.attachTokens(window.msal, {
        protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
      });
      return (await window.attached) === first;
    });

  await site.fetch("/api/orders");
  expect(await attachAgain()).toBe(true);

  await site.run(async () => await (await window.attached).detach());
  await site.fetch("/api/orders");
  expect(await site.registrations()).toBe(0);

  expect(await attachAgain()).toBe(false);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "none", "bearer"]);

  // No request comes between detach and the next call.
  await site.run(async () => {
    await (await window.attached).detach();
    await bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
    });
  });
  stack.api.reset();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a page with an older map has its own tokens from its own pipeline, and lends them to no other resource", async ({
  open,
  page,
  stack,
}) => {
  const older = await open();
  await older.signIn();
  const newer = await open(
    {
      attach: {
        protectedResourceMap: {
          "/api/*": ["api://media/Media.Read"],
          [`${stack.api.origin}/media/*`]: ["api://media/Media.Read"],
        },
      },
    },
    await page.context().newPage(),
  );
  await newer.signInSilently();

  await expect.poll(() => older.events("tokenfailed")).toMatchObject([{ code: "worker_map_differs" }]);
  await older.fetch("/api/orders");
  expect(await newer.fetch("api:/media/photo")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: "ada@contoso.example", audience: "api://orders" },
  ]);
  expect(received(stack, "/media/photo")).toEqual([
    { authorization: "bearer", user: "ada@contoso.example", audience: "api://media" },
  ]);
});

test("a reload under the page's own worker registers nothing, and has a newer script of the worker all the same", async ({
  page,
  site,
  stack,
}) => {
  // Chromium keeps `register` waiting while it looks for an update of the worker.
  await page.addInitScript(() => {
    const counts = Object.assign(window, { registered: 0, changed: 0 });
    ServiceWorkerContainer.prototype.register = () => {
      counts.registered++;
      return new Promise(() => undefined);
    };
    navigator.serviceWorker.addEventListener("controllerchange", () => counts.changed++);
  });
  stack.site.override("/bearer-sw.js", { body: NEWER_WORKER });
  await page.reload();
  await site.attached();

  expect(await requestByXhr(site)).toBe(200);
  await expect.poll(() => site.global("changed")).toBe(1);
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.global("registered")).toBe(0);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
  expect(await site.events("tokenfailed")).toEqual([]);
});

test("a page that could not attach gives its worker no token", async ({ page, stack }) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens({
      providerOrigins: [],
      redirectPages: [],
      ready: () => Promise.reject(new Error("no provider")),
      account: () => "ada",
      subscribe: () => () => {},
      acquireInteractive: async () => null,
      acquireSilent: async () => ({ accessToken: "t", account: "ada", expiresOn: new Date(Date.now() + 3_600_000) }),
    }, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } })
      .catch(({ message }) => window.events.push({ type: "failure", message }))`,
  );
  const site = await SitePage.open(page, stack);
  expect(await site.events("failure")).toEqual([{ type: "failure", message: "no provider" }]);
  expect(await site.run(() => navigator.serviceWorker.controller !== null)).toBe(true);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});

test("a page that has detached does not announce itself to the worker again", async ({
  site,
  page,
  open,
  stack,
}) => {
  await site.recordRequests();
  await site.fetch("/api/orders");
  const other = await open({}, await page.context().newPage());
  await other.signInSilently();
  await site.run(async () => {
    const attachment = await window.attached;
    const listener = () => undefined;
    attachment.addEventListener("request", listener);
    await attachment.detach();
    attachment.removeEventListener("request", listener);
    attachment.forgetTokens();
  });
  stack.api.reset();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});

test("a request waits for a page that is busy", async ({ site, stack }) => {
  const status = await site.run(async () => {
    const response = fetch("/api/orders");
    const end = Date.now() + 3_000;
    while (Date.now() < end);
    return (await response).status;
  });

  expect(status).toBe(200);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a page whose document was loaded by a worker with an older map has tokens for the new map's resources", async ({
  open,
  page,
  stack,
}) => {
  const only = (key: string) => ({ attach: { protectedResourceMap: { [key]: ["api://orders/Data.Read"] } } });
  const older = await open(only("/elsewhere/*"));
  await older.signIn();
  // Chromium fixes a document's static routes with its first request.
  const newer = await open(only("/api/*"), page);

  expect(await newer.fetch("/api/orders")).toMatchObject({ status: 200 });
  // The page attaches tokens by itself until the next navigation.
  expect(await newer.run(() => String(fetch))).not.toContain("[native code]");
  // The older worker may keep the page for another navigation while it has requests in flight.
  await expect(async () => {
    await page.reload();
    await newer.attached();
    expect(await newer.run(() => String(fetch))).toContain("[native code]");
  }).toPass({ timeout: 30_000 });
  expect(await newer.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
});
