import type { Stack } from "../../dev/start-stack.ts";
import { expect, SitePage, test } from "./fixtures.ts";
import { test as testWithTabs } from "./real-tabs.ts";

/** The smallest worker that answers requests, without tokens. */
const PLAIN_WORKER = `
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));`;

/** Replaces the product's worker by the plain one, and lets the API serve requests without a token. */
async function usePlainWorker(site: SitePage): Promise<void> {
  site.stack.api.settings.openToAll = true;
  site.stack.site.override("/plain-worker.js", {
    body: PLAIN_WORKER,
  });
  await site.run(
    () =>
      new Promise<void>((resolve, reject) => {
        navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
        navigator.serviceWorker.register("/plain-worker.js").catch(reject);
      }),
  );
}

/** The URLs that the functions below request. */
interface Urls {
  readonly orders: string;
  readonly photo: string;
  readonly events: string;
}

/** Functions of a page that make a request of each kind. Each resolves to the result that the page sees. */
const KINDS: Record<string, (urls: Urls) => Promise<number | string>> = {
  GET: ({ orders }) =>
    fetch(orders).then(
      ({ status }) => status,
      ({ name }: Error) => name,
    ),
  POST: ({ orders }) =>
    fetch(orders, { method: "POST", body: "x" }).then(
      ({ status }) => status,
      ({ name }: Error) => name,
    ),
  XMLHttpRequest: ({ orders }) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("GET", orders);
      request.onloadend = () => resolve(request.status);
      request.send();
    }),
  image: ({ photo }) =>
    new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve("load");
      image.onerror = () => resolve("error");
      image.src = photo;
    }),
  stream: ({ events }) =>
    fetch(events)
      .then((response) => response.text())
      .catch(({ name }: Error) => name),
  EventSource: ({ events }) =>
    new Promise((resolve) => {
      const source = new EventSource(events);
      source.onerror = () => resolve(source.readyState === EventSource.CLOSED ? "closed" : "connecting");
    }),
};

/** The page's result for each kind of request when the worker dies under it, and how often the API received the request. */
async function dieDuringEach(site: SitePage, stack: Stack): Promise<Record<string, unknown[]>> {
  stack.api.settings.delayMs = { "/api/orders": 1_000, "/media/photo": 1_000 };
  const urls = {
    orders: "/api/orders",
    photo: site.resolve("api:/media/photo"),
    events: site.resolve("api:/media/events"),
  };
  const outcomes: Record<string, unknown[]> = {};
  for (const [kind, request] of Object.entries(KINDS)) {
    const before = stack.api.received.length;
    const got = site.run(request, urls);
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

test("a page whose worker dies under a request sees the same as with any other worker, and a POST is sent once", async ({
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
  "no request of another tab goes out bare, and no POST twice, when a tab crashes and takes the worker along",
  async ({ tabs, stack }) => {
    // The worker lives in the process of the first tab.
    const first = await SitePage.open(await tabs.newPage(), stack);
    await first.signIn();
    const second = await SitePage.open(await tabs.newPage(), stack);
    await second.signInSilently();
    expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });
    stack.api.settings.delayMs["/api/orders"] = 2_000;

    const pending = second.run(() =>
      Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          fetch(`/api/orders?${i}`, i % 2 ? {} : { method: "POST", body: "x" }).then(
            ({ status }) => status,
            () => 0,
          ),
        ),
      ),
    );
    await expect.poll(() => stack.api.received.length).toBe(11);
    await first.crash();
    const statuses = await pending;

    // Chromium either hands a request under way to the next worker, or fails it.
    expect(new Set(statuses.filter((status) => status > 201))).toEqual(new Set());
    expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });
    expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(
      new Set(["bearer"]),
    );
    const posts = stack.api.received.filter(({ method }) => method === "POST");
    expect(posts.map(({ query }) => query).sort()).toEqual(["0", "2", "4", "6", "8"]);
  },
);
