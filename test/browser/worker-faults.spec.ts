import type { Stack } from "../../dev/start-stack.ts";
import { expect, type SitePage, test } from "./fixtures.ts";
import { holdRequests, isForTokens } from "./held-requests.ts";
import { WORKER } from "./other-version.ts";

/** Each request that reached the API: method and what it was authorized with. */
const requests = (stack: Stack): string[] =>
  stack.api.received.map(({ method, authorization }) => `${method} ${authorization}`);

const reached = (stack: Stack, count: number): Promise<void> =>
  expect.poll(() => stack.api.received.length).toBeGreaterThanOrEqual(count);

/** Starts a request without waiting for its answer, and stops the worker once it has got as far as `until` says. */
async function stopDuring(site: SitePage, url: string, init: RequestInit, until: () => Promise<void>) {
  const pending = site.fetch(url, init);
  await until();
  await site.stopWorker();
  return await pending;
}

for (const [method, status] of [
  ["GET", 200],
  ["POST", 201],
] as const) {
  test(`a worker that dies while it waits for a token loses no ${method}, and sends it once`, async ({
    site,
    page,
    stack,
  }) => {
    const tokens = await holdRequests(page, isForTokens(stack));

    const got = site.fetch("/api/orders", { method, ...(method === "POST" && { body: "order" }) });
    await tokens.asked();
    await site.stopWorker();
    tokens.release();

    expect((await got).status).toBe(status);
    expect(requests(stack)).toEqual([`${method} bearer`]);
  });
}

/** Matching takes microseconds. A listener ahead of ours that takes a second keeps the worker at that point. */
const SLOW_TO_MATCH = `addEventListener("fetch", ({ request }) => {
  if (!request.url.endsWith("/api/orders")) return;
  void fetch("/matching");
  for (const end = Date.now() + 1_000; Date.now() < end; );
});
${WORKER}`;

for (const [method, status] of [
  ["GET", 200],
  ["POST", 201],
] as const) {
  test(`a worker that dies while it matches loses no ${method}, and sends it once`, async ({
    open,
    stack,
  }) => {
    stack.site.override("/bearer-sw.js", { body: SLOW_TO_MATCH });
    const site = await open();
    await site.signIn();

    const matching = () =>
      expect
        .poll(() => stack.site.received.filter(({ path }) => path === "/matching").length)
        .toBeGreaterThanOrEqual(1);
    const answer = await stopDuring(site, "/api/orders", { method }, matching);

    expect(answer).toMatchObject({ status });
    expect(requests(stack)).toEqual([`${method} bearer`]);
    // It was asked twice: what died was the matching.
    expect(stack.site.received.filter(({ path }) => path === "/matching")).toHaveLength(2);
  });
}

for (const [method, url, init, status] of [
  ["GET", "/api/orders", {}, 200],
  ["PUT", "api:/media/upload", { method: "PUT", body: "photo" }, 201],
] as const) {
  test(`a worker that dies before the answer to a ${method}, which is idempotent, loses it not: Chromium asks again, with the token`, async ({
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

    expect(await stopDuring(site, url, init, () => reached(stack, 1))).toMatchObject({ status });

    expect(requests(stack)).toEqual([`${method} bearer`, `${method} bearer`]);
  });
}

test("a worker that dies before the answer to a POST does not send it twice: it ends as a network error", async ({
  site,
  stack,
}) => {
  stack.api.settings.delayMs["/api/orders"] = 1_000;
  const order = { method: "POST", body: "order" };

  expect(await stopDuring(site, "/api/orders", order, () => reached(stack, 1))).toMatchObject({ status: 0 });
  expect(requests(stack)).toEqual(["POST bearer"]);

  // The user's own second try is one.
  expect(await site.fetch("/api/orders", order)).toMatchObject({ status: 201 });
  expect(requests(stack)).toEqual(["POST bearer", "POST bearer"]);
});

test("a POST is not sent twice either when the page is busy while its worker dies", async ({
  site,
  stack,
}) => {
  stack.api.settings.delayMs["/api/orders"] = 6_000;

  const answer = site.fetch("/api/orders", { method: "POST", body: "order" });
  await reached(stack, 1);
  const busy = site.run("void (() => { for (const end = Date.now() + 3_000; Date.now() < end; ); })()");
  await site.stopWorker();
  await busy;

  expect(await answer).toMatchObject({ status: 0 });
  expect(requests(stack)).toEqual(["POST bearer"]);
});

test("of identical POSTs under way when the worker dies none is sent twice, and what was answered may come again", async ({
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
  await site.run(`void (window.reading = (async () => {
    const reader = (await fetch(demoConfig.apiOrigin + "/media/events")).body.getReader();
    for (window.pieces = 0; !(await reader.read()).done; window.pieces++);
    return "ended";
  })().catch(({ name }) => name))`);
  await expect.poll(() => site.run<number>("window.pieces")).toBeGreaterThan(2);

  await site.stopWorker();

  expect(await site.run("window.reading")).toBe("TypeError");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(requests(stack)).toEqual(["GET bearer", "GET bearer"]);
});
