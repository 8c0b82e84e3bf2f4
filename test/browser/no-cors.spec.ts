import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import { expect, type SitePage, test } from "./fixtures.ts";

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

/** A no-cors request, as a beacon or a tracking pixel makes it. Resolves to the type of its response. */
const opaque = (site: SitePage, url: string, init: RequestInit = {}): Promise<string> =>
  site.run(
    (request) =>
      fetch(request.url, { mode: "no-cors", credentials: "include", ...request.init }).then(
        ({ type }) => type,
        () => "error",
      ),
    { url: site.resolve(url), init },
  );

const everything = (origin: string) => ({
  attach: {
    protectedResourceMap: { [`${origin}/*`]: ["api://media/Media.Read"] },
  },
});

test("an image from an API that allows any origin, without credentials, has its token", async ({
  open,
  stack,
}) => {
  stack.api.settings.cors = "anyone";
  const site = await open();
  await site.signIn();

  for (let i = 0; i < 2; i++) expect(await image(site, `api:/media/photo?${i}`)).toBe(true);

  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["bearer", "bearer"]);
  // The first preflight is for a request with cookies, which a wildcard excludes. The worker remembers the refusal.
  expect(stack.api.preflights.map(({ path }) => path)).toHaveLength(3);
});

test("an image keeps its cookies when the API allows credentials", async ({ site, stack }) => {
  await site.run(() => void (document.cookie = "taste=salty"));

  expect(await image(site, "api:/media/photo")).toBe(true);

  expect(stack.api.received.map(({ headers }) => headers.cookie)).toEqual([
    expect.stringContaining("taste=salty"),
  ]);
});

test("a request to an API without CORS goes out as the page made it, and the worker finds that out once", async ({
  open,
  stack,
}) => {
  stack.api.settings.cors = "none";
  const site = await open(everything(stack.api.origin));
  await site.signIn();

  for (let i = 0; i < 3; i++) expect(await opaque(site, `api:/api/health?${i}`)).toBe("opaque");

  expect(stack.api.received.map(({ path, authorization }) => [path, authorization])).toEqual(
    Array(3).fill(["/api/health", "none"]),
  );
  expect(stack.api.received[0]?.headers["sec-fetch-mode"]).toBe("no-cors");
  expect(stack.api.preflights).toHaveLength(2);
});

test("a beacon to an API without CORS arrives once, with its body", async ({ open, stack }) => {
  stack.api.settings.cors = "none";
  const site = await open(everything(stack.api.origin));
  await site.signIn();

  expect(await opaque(site, "api:/api/health", { method: "POST", body: "left the page" })).toBe("opaque");

  expect(stack.api.received.map(({ method, body }) => [method, body?.bytes])).toEqual([["POST", 13]]);
});

test("a POST to an API whose error pages have no CORS headers arrives once", async ({ open }) => {
  const seen: string[] = [];
  const gateway = await listenOnLoopback(0);
  gateway.serve(({ method = "", headers }, response) => {
    if (method === "OPTIONS") {
      response.writeHead(204, {
        "Access-Control-Allow-Origin": headers.origin ?? "*",
        "Access-Control-Allow-Headers": "Authorization",
        "Access-Control-Allow-Methods": "POST",
      });
      return void response.end();
    }
    seen.push(`${method} ${headers.authorization ? "token" : "none"}`);
    response.writeHead(502).end("gateway");
  });
  try {
    const site = await open(everything(gateway.origin));
    await site.signIn();

    for (const path of ["first", "second"]) {
      expect(await opaque(site, `${gateway.origin}/${path}`, { method: "POST", body: "order" })).toBe(
        "opaque",
      );
    }

    expect(seen).toEqual(["HEAD token", "POST none", "POST none"]);
  } finally {
    await gateway.close();
  }
});

test("a POST has its token where the API has CORS, and is sent once", async ({ open, stack }) => {
  const site = await open(everything(stack.api.origin));
  await site.signIn();

  const post = (): Promise<string> => opaque(site, "api:/media/echo", { method: "POST", body: "order" });
  await post();
  await post();

  expect(stack.api.received.map(({ method, authorization }) => [method, authorization])).toEqual([
    ["HEAD", "bearer"],
    ["POST", "bearer"],
    ["POST", "bearer"],
  ]);
});

for (const [referrerPolicy, referer] of [
  ["no-referrer", () => undefined],
  ["origin", (page: URL) => `${page.origin}/`],
  ["unsafe-url", (page: URL) => page.origin + page.pathname + page.search],
] as const) {
  test(`a POST and the request that finds its way have the referrer of the policy ${referrerPolicy}`, async ({
    open,
    stack,
  }) => {
    const site = await open(everything(stack.api.origin));
    await site.signIn();

    await opaque(site, "api:/media/echo", { method: "POST", body: "order", referrerPolicy });

    const expected = referer(new URL(site.page.url()));
    expect(stack.api.received.map(({ method, headers }) => [method, headers.referer])).toEqual([
      ["HEAD", expected],
      ["POST", expected],
    ]);
  });
}

test("the request that finds a POST's way has the referrer that the page gave the POST", async ({
  open,
  stack,
}) => {
  const site = await open(everything(stack.api.origin));
  await site.signIn();
  const referrer = `${stack.site.origin}/elsewhere`;

  await opaque(site, "api:/media/echo", {
    method: "POST",
    body: "order",
    referrer,
    referrerPolicy: "unsafe-url",
  });

  expect(stack.api.received.map(({ method, headers }) => [method, headers.referer])).toEqual([
    ["HEAD", referrer],
    ["POST", referrer],
  ]);
});

test("an image whose API is down fails, and has its token when the API is back", async ({ site, stack }) => {
  expect(await image(site, "api:/media/photo")).toBe(true);
  await site.page.context().setOffline(true);

  expect(await image(site, "api:/media/photo?offline")).toBe(false);
  await site.page.context().setOffline(false);
  expect(await image(site, "api:/media/photo?back")).toBe(true);

  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["bearer", "bearer"]);
});

test("an image of another origin's stylesheet has its token and no referrer, and one of the site's own keeps its referrer", async ({
  site,
  stack,
}) => {
  const styles = await listenOnLoopback(0);
  const sheet = (name: string): string => `body { background: url(${stack.api.origin}/media/photo?${name}) }`;
  styles.serve((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/css" }).end(sheet("other"));
  });
  stack.site.override("/own.css", { headers: { "Content-Type": "text/css" }, body: sheet("own") });
  const loads = (href: string): Promise<void> =>
    site.run((address) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = address;
      document.head.append(link);
    }, href);
  try {
    for (const href of [`${styles.origin}/sheet.css`, "/own.css"]) {
      const before = stack.api.received.length;
      await loads(href);
      await expect.poll(() => stack.api.received.length).toBe(before + 1);
    }
  } finally {
    await styles.close();
  }

  expect(
    stack.api.received.map(({ query, authorization, headers }) => [query, authorization, headers.referer]),
  ).toEqual([
    ["other", "bearer", undefined],
    ["own", "bearer", `${stack.site.origin}/`],
  ]);
});
