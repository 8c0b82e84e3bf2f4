import type { Stack } from "../../dev/start-stack.ts";
import { expect, type SitePage, test } from "./fixtures.ts";
import { holdRequests, isForTokens } from "./held-requests.ts";
import { WORKER } from "./other-version.ts";

declare global {
  interface Window {
    /** How many pieces of a stream the page has read. */
    pieces: number;
    /** The stream's end: "ended", or the name of an error. */
    reading: Promise<string>;
  }
}

/** The method and authorization of each request that reached the API. */
const requests = (stack: Stack): string[] =>
  stack.api.received.map(({ method, authorization }) => `${method} ${authorization}`);

const reached = (stack: Stack, count: number): Promise<void> =>
  expect.poll(() => stack.api.received.length).toBeGreaterThanOrEqual(count);

/** Starts a request, stops the worker once `until` resolves, and gives the answer. */
async function stopDuring(site: SitePage, url: string, init: RequestInit, until: () => Promise<void>) {
  const pending = site.fetch(url, init);
  await until();
  await site.stopWorker();
  return await pending;
}

test("a worker that dies while it waits for tokens loses neither a GET nor a POST, and sends each once", async ({
  site,
  page,
  stack,
}) => {
  const tokens = await holdRequests(page, isForTokens(stack));

  const got = site.fetch("/api/orders");
  const posted = site.fetch("/api/orders", { method: "POST", body: "order" });
  await tokens.asked();
  await site.stopWorker();
  tokens.release();

  expect(await Promise.all([got, posted])).toMatchObject([{ status: 200 }, { status: 201 }]);
  expect(requests(stack).sort()).toEqual(["GET bearer", "POST bearer"]);
});

/** Matching takes microseconds. A listener before the product's that takes a second keeps the worker at that point. */
const SLOW_TO_MATCH = `addEventListener("fetch", ({ request }) => {
  if (!request.url.endsWith("/api/orders")) return;
  void fetch("/matching");
  for (const end = Date.now() + 1_000; Date.now() < end; );
});
${WORKER}`;

test("a worker that dies while it matches loses neither a GET nor a POST, and sends each once", async ({
  open,
  stack,
}) => {
  stack.site.override("/bearer-sw.js", { body: SLOW_TO_MATCH });
  const site = await open();
  await site.signIn();
  const matches = () => stack.site.received.filter(({ path }) => path === "/matching").length;

  for (const [method, status, before] of [
    ["GET", 200, 0],
    ["POST", 201, 2],
  ] as const) {
    const matching = () => expect.poll(matches).toBeGreaterThan(before);
    expect(await stopDuring(site, "/api/orders", { method }, matching)).toMatchObject({ status });
    // The worker was asked twice, so the first one died while it matched.
    expect(matches()).toBe(before + 2);
  }

  expect(requests(stack)).toEqual(["GET bearer", "POST bearer"]);
});

test("a worker that dies before the answer to a GET or a PUT loses neither: Chromium asks again, with the token", async ({
  open,
  stack,
}) => {
  const site = await open({
    attach: {
      protectedResourceMap: {
        "/api/*": ["api://orders/Data.Read"],
        [`${stack.api.origin}/media/*`]: ["api://media/Media.Write"],
      },
    },
  });
  await site.signIn();
  stack.api.settings.delayMs = { "/api/orders": 1_000, "/media/upload": 1_000 };

  const put = { method: "PUT", body: "photo" };
  expect(await stopDuring(site, "/api/orders", {}, () => reached(stack, 1))).toMatchObject({ status: 200 });
  expect(await stopDuring(site, "api:/media/upload", put, () => reached(stack, 3))).toMatchObject({
    status: 201,
  });

  expect(requests(stack)).toEqual(["GET bearer", "GET bearer", "PUT bearer", "PUT bearer"]);
});

test("a worker that dies before the answer to a POST does not send it twice: it ends as a network error", async ({
  site,
  stack,
}) => {
  stack.api.settings.delayMs["/api/orders"] = 1_000;
  const order = { method: "POST", body: "order" };

  expect(await stopDuring(site, "/api/orders", order, () => reached(stack, 1))).toMatchObject({ status: 0 });
  expect(requests(stack)).toEqual(["POST bearer"]);

  // The user's own second attempt is a new request.
  expect(await site.fetch("/api/orders", order)).toMatchObject({ status: 201 });
  expect(requests(stack)).toEqual(["POST bearer", "POST bearer"]);
});

test("a POST is not sent twice when the page is busy while its worker dies", async ({ site, stack }) => {
  stack.api.settings.delayMs["/api/orders"] = 6_000;

  const answer = site.fetch("/api/orders", { method: "POST", body: "order" });
  await reached(stack, 1);
  const busy = site.run(() => {
    for (const end = Date.now() + 3_000; Date.now() < end;);
  });
  await site.stopWorker();
  await busy;

  expect(await answer).toMatchObject({ status: 0 });
  expect(requests(stack)).toEqual(["POST bearer"]);
});

test("identical POSTs under way when the worker dies are not sent twice, and a POST that was answered may be sent again", async ({
  site,
  stack,
}) => {
  const order = { method: "POST", body: "order" };
  expect(await site.fetch("/api/orders", order)).toMatchObject({ status: 201 });
  stack.api.settings.delayMs["/api/orders"] = 1_000;

  const pending = Promise.all([1, 2, 3].map(() => site.fetch("/api/orders", order)));
  await reached(stack, 4);
  await site.stopWorker();

  expect((await pending).map(({ status }) => status)).toEqual([0, 0, 0]);
  stack.api.settings.delayMs = {};
  expect(await site.fetch("/api/orders", order)).toMatchObject({ status: 201 });
  expect(requests(stack)).toEqual(Array(5).fill("POST bearer"));
});

test("an answer that breaks off with its worker is an error to the page, and the next request has its token", async ({
  site,
  stack,
}) => {
  stack.api.settings.eventIntervalMs = 100;
  await site.run((url) => {
    const read = async (): Promise<string> => {
      const reader = (await fetch(url)).body?.getReader();
      for (window.pieces = 0; !(await reader?.read())?.done; window.pieces++);
      return "ended";
    };
    window.pieces = 0;
    window.reading = read().catch(({ name }: Error) => name);
  }, site.resolve("api:/media/events"));
  await expect.poll(() => site.run(() => window.pieces)).toBeGreaterThan(2);

  await site.stopWorker();

  expect(await site.run(() => window.reading)).toBe("TypeError");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(requests(stack)).toEqual(["GET bearer", "GET bearer"]);
});
