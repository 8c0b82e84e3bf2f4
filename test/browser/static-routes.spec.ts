import { authorizations, expect, type SitePage, test } from "./fixtures.ts";

/** Whether the browser says that the worker runs. */
async function isRunning(site: SitePage): Promise<boolean> {
  const cdp = await site.page.context().newCDPSession(site.page);
  const statuses = new Map<string, string>();
  cdp.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
    for (const { versionId, runningStatus } of versions) statuses.set(versionId, runningStatus);
  });
  await cdp.send("ServiceWorker.enable");
  await expect.poll(() => statuses.size).toBeGreaterThan(0);
  await cdp.detach();
  return [...statuses.values()].some((status) => status === "running" || status === "starting");
}

test("requests outside the map do not start the worker", async ({ site }) => {
  await site.stopWorker();
  expect(await isRunning(site)).toBe(false);

  for (const url of ["/demo-config.js", "api:/api/health", "api:/elsewhere"]) await site.fetch(url);
  expect(await isRunning(site)).toBe(false);

  await site.fetch("/api/orders");
  expect(await isRunning(site)).toBe(true);
});

for (const [size, others] of [
  ["short", []],
  ["long", Array.from({ length: 20 }, (_, i) => `/other/${i}`)],
] as const) {
  test(`a request for every resource of a ${size} map starts the worker`, async ({ open, stack }) => {
    const { origin } = stack.api;
    const scopes = ["api://orders/Data.Read"];
    const keys = [
      "/plain",
      "/folder/",
      "/wild/*",
      "/mid*dle/x",
      "/query?a=*",
      "/(odd)/{name}:+",
      "/caf%C3%A9/*",
      "/ümlaut/",
      ...others,
    ];
    const urls = [
      "/plain",
      "/plain/",
      "/folder",
      "/folder/",
      "/wild/x",
      "/wild/a/b?c=d",
      "/mid/le/dle/x",
      "/query?a=b",
      "/(odd)/{name}:+",
      "/caf%C3%A9/x",
      "/ümlaut",
    ];
    const site = await open({
      attach: { protectedResourceMap: Object.fromEntries(keys.map((key) => [origin + key, scopes])) },
    });
    await site.signIn();

    for (const url of urls) {
      await site.stopWorker();
      await site.fetch(`api:${url}`);
    }

    expect(stack.api.received.map(({ path, authorization }) => [path, authorization])).toEqual(
      urls.map((url) => [new URL(url, origin).pathname, "bearer"]),
    );
  });
}

test("a key with an IPv6 address leaves the map its routes, and has its own", async ({ open, stack }) => {
  const { port } = new URL(stack.api.origin);
  const api = `http://[::1]:${port}`;
  const scopes = ["api://orders/Data.Read"];
  const site = await open({
    attach: { protectedResourceMap: { "/api/*": scopes, [`${api}/api/*`]: scopes } },
  });
  await site.signIn();

  await site.stopWorker();
  await site.fetch("/demo-config.js");
  expect(await isRunning(site)).toBe(false);

  await site.fetch(`${api}/api/orders`);
  expect(await isRunning(site)).toBe(true);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("a map of hundreds of entries keeps requests outside its leading paths from the worker", async ({
  open,
  stack,
}) => {
  // The keys are short, since the map has to fit into the worker's URL.
  const keys = Array.from({ length: 120 }, (_, i) => `/p${i % 3}/${i}`);
  const protectedResourceMap = {
    ...Object.fromEntries(keys.map((key) => [key, ["a"]])),
    "/api/*": ["api://orders/Data.Read"],
  };
  const site = await open({ attach: { protectedResourceMap } });
  await site.signIn();
  await site.stopWorker();

  for (const url of ["/demo-config.js", "/p4/1", "api:/elsewhere"]) await site.fetch(url);
  expect(await isRunning(site)).toBe(false);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
});

test("keepalive requests of a leaving frame arrive under a long map", async ({ open, stack }) => {
  const keys = Array.from({ length: 49 }, (_, i) => `/protected/${i}/*`);
  const site = await open({
    attach: { protectedResourceMap: Object.fromEntries(keys.map((key) => [key, ["a"]])) },
  });
  const last = Array.from({ length: 8 }, (_, i) => `/left-with/${i}`);

  await site.run(async (urls) => {
    const frame = document.createElement("iframe");
    frame.src = "/demo-config.js";
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
    document.body.append(frame);
    await loaded;
    const { contentWindow } = frame;
    contentWindow?.addEventListener("pagehide", () => {
      for (const url of urls) void (contentWindow as typeof window).fetch(url, { keepalive: true });
    });
    frame.remove();
  }, last);

  const arrived = (): string[] =>
    stack.site.received.map(({ path }) => path).filter((path) => path.startsWith("/left-with/"));
  await expect.poll(() => arrived().sort()).toEqual(last);
});
