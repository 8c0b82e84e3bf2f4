import type { Stack } from "../../dev/start-stack.ts";
import { expect, SitePage, test } from "./fixtures.ts";
import { test as testWithTabs } from "./real-tabs.ts";

/** The least that a worker can do and still answer: nobody's tokens, nobody's rules. */
const PLAIN_WORKER = `
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));`;

/** Puts the plain worker in place of ours; the API serves everyone. */
async function usePlainWorker(site: SitePage): Promise<void> {
  site.stack.api.settings.openToAll = true;
  site.stack.site.override("/plain-worker.js", {
    body: PLAIN_WORKER,
  });
  await site.run(`new Promise((resolve, reject) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
    navigator.serviceWorker.register("/plain-worker.js").catch(reject);
  })`);
}

/** What a page does, and what tells it how that went. */
const KINDS = {
  GET: `fetch("/api/orders").then(({ status }) => status, ({ name }) => name)`,
  POST: `fetch("/api/orders", { method: "POST", body: "x" }).then(({ status }) => status, ({ name }) => name)`,
  XMLHttpRequest: `new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", "/api/orders");
    request.onloadend = () => resolve(request.status);
    request.send();
  })`,
  image: `new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve("load");
    image.onerror = () => resolve("error");
    image.src = demoConfig.apiOrigin + "/media/photo";
  })`,
  stream: `fetch(demoConfig.apiOrigin + "/media/events").then((response) => response.text()).catch(({ name }) => name)`,
  EventSource: `new Promise((resolve) => {
    const source = new EventSource(demoConfig.apiOrigin + "/media/events");
    source.onerror = () => resolve(source.readyState === EventSource.CLOSED ? "closed" : "connecting");
  })`,
};

/** What the page got of each kind when the worker died under it, and how often it reached the API. */
async function dieDuringEach(site: SitePage, stack: Stack): Promise<Record<string, unknown[]>> {
  stack.api.settings.delayMs = { "/api/orders": 1_000, "/media/photo": 1_000 };
  const outcomes: Record<string, unknown[]> = {};
  for (const [kind, expression] of Object.entries(KINDS)) {
    const before = stack.api.received.length;
    const got = site.run(expression);
    // A stream has begun when its status is there.
    const underWay = () => {
      const last = stack.api.received[before];
      return last?.path === "/media/events"
        ? last.status !== null
        : last?.body !== null && last !== undefined;
    };
    await expect.poll(underWay).toBe(true);
    await site.stopWorker();
    outcomes[kind] = [await got, stack.api.received.length - before];
  }
  return outcomes;
}

test("when a worker dies under a request the page is no worse off than with any other worker, and a POST is sent once", async ({
  site,
  stack,
}) => {
  const ours = await dieDuringEach(site, stack);
  expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(new Set(["bearer"]));
  await usePlainWorker(site);
  const theirs = await dieDuringEach(site, stack);

  const shared = {
    GET: [200, 2],
    XMLHttpRequest: [200, 2],
    image: ["load", 2],
    stream: ["TypeError", 1],
    EventSource: ["closed", 1],
  };
  expect(theirs).toEqual({ ...shared, POST: [201, 2] });
  expect(ours).toEqual({ ...shared, POST: ["TypeError", 1] });
});

testWithTabs(
  "a tab that crashes and takes the worker along leaves no request of another bare, and no POST sent twice",
  async ({ tabs, stack }) => {
    // The worker lives in the process of the tab that was there first.
    const first = await SitePage.open(await tabs.newPage(), stack);
    await first.signIn();
    const second = await SitePage.open(await tabs.newPage(), stack);
    await second.signInSilently();
    expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });
    stack.api.settings.delayMs["/api/orders"] = 2_000;

    const pending = second.run<number[]>(`Promise.all(Array.from({ length: 10 }, (_, i) =>
      fetch("/api/orders?" + i, i % 2 ? {} : { method: "POST", body: "x" }).then(({ status }) => status, () => 0)))`);
    await expect.poll(() => stack.api.received.length).toBe(11);
    await first.crash();
    const statuses = await pending;

    // Chromium hands what was under way to the next worker, or lets it fail: as it happens.
    expect(new Set(statuses.filter((status) => status > 201))).toEqual(new Set());
    expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });
    expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(
      new Set(["bearer"]),
    );
    const posts = stack.api.received.filter(({ method }) => method === "POST");
    expect(posts.map(({ query }) => query).sort()).toEqual(["0", "2", "4", "6", "8"]);
  },
);
