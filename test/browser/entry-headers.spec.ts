import { expect, replaceScript, requestByXhr, type SitePage, test } from "./fixtures.ts";

const VERSION = "x-ms-version";

/** Loads an image as HTML does. Resolves to whether the image came. */
const image = (site: SitePage, url: string): Promise<boolean> =>
  site.run(
    (source) =>
      new Promise<boolean>((resolve) => {
        const image = new Image();
        image.onload = () => resolve(true);
        image.onerror = () => resolve(false);
        image.src = source;
      }),
    site.resolve(url),
  );

test("an API that wants a header of its own gets it with images, fetch and XMLHttpRequests, from worker and page", async ({
  open,
  stack,
}) => {
  stack.api.settings.requiredHeader = VERSION;
  const headers = { "X-Ms-Version": "2025-01-05" };
  const protectedResourceMap = {
    "/api/health": null,
    "/api/*": { scopes: ["api://orders/Data.Read"], headers },
    [`${stack.api.origin}/media/*`]: [{ scopes: ["api://media/Media.Read"], headers }],
  };
  const site = await open({ attach: { protectedResourceMap } });
  // A visitor's request has no token, and so no header.
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  await site.signIn();

  expect(await image(site, "api:/media/photo")).toBe(true);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.fetch("/api/orders", { headers: { [VERSION]: "2017-11-09" } })).toMatchObject({
    status: 200,
  });
  expect(await site.fetch("/api/health")).toMatchObject({ status: 200 });

  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": { scopes: ["api://orders/Data.Read"], headers: { "${VERSION}": "2021-12-02" } } },
    });
    window.early = fetch("/api/orders").then(({ status }) => status)`,
  );
  await site.hardReload();
  expect(await requestByXhr(site)).toBe(200);
  expect(await site.run(() => (window as typeof window & { early: Promise<number> }).early)).toBe(200);

  expect(
    stack.api.received.map(({ path, authorization, headers }) => [path, authorization, headers[VERSION]]),
  ).toEqual([
    ["/api/orders", "none", undefined],
    ["/media/photo", "bearer", "2025-01-05"],
    ["/api/orders", "bearer", "2025-01-05"],
    ["/api/orders", "bearer", "2017-11-09"],
    ["/api/health", "none", undefined],
    ["/api/orders", "bearer", "2021-12-02"],
    ["/api/orders", "bearer", "2021-12-02"],
  ]);
  expect(stack.api.preflights.map(({ headers }) => headers)).toContainEqual(["authorization", VERSION]);
});
