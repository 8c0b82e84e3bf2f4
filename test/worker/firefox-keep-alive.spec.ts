import { expect, test } from "@playwright/test";
import { FirefoxKeepAlive } from "../../sw/firefox-keep-alive.ts";
import { OpenPages } from "../../sw/open-pages.ts";
import { ManualClock } from "../unit/manual-clock.ts";

const SCOPE = "https://shop.example/";
const PHOTO = "https://api.example/photo";
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** One open page, which counts how often it is asked for a message. */
const open = () => {
  const clock = new ManualClock();
  const page = {
    id: "page",
    type: "window",
    frameType: "top-level",
    url: SCOPE,
    visibilityState: "visible",
    asked: 0,
    postMessage: () => void page.asked++,
  };
  const clients = new Map([[page.id, page]]);
  const list = {
    get: async (id: string) => clients.get(id) as unknown as Client | undefined,
    matchAll: async () => [...clients.values()] as unknown as Client[],
  } as Pick<Clients, "get" | "matchAll">;
  return { clock, page, clients, keepAlive: new FirefoxKeepAlive(new OpenPages(list, SCOPE), clock) };
};

test("a page is asked every ten seconds while a request runs, until its body has ended", async () => {
  const { clock, page, keepAlive } = open();
  const answered = keepAlive.start(PHOTO, page.id);
  await clock.advance(35 * SECOND);
  expect(page.asked).toBe(3);

  answered(1);
  await clock.advance(10 * SECOND);
  expect(page.asked).toBe(4);

  keepAlive.noteEnd(PHOTO);
  await clock.advance(HOUR);
  expect(page.asked).toBe(4);
  expect(clock.timers).toBe(0);
});

test("a response that never gets an entry in the timeline keeps the worker for an hour", async () => {
  const { clock, page, keepAlive } = open();
  keepAlive.start(PHOTO, page.id)(1);
  await clock.advance(HOUR - SECOND);
  expect(page.asked).toBeGreaterThan(300);

  await clock.advance(30 * SECOND);
  const { asked } = page;
  await clock.advance(HOUR);
  expect(page.asked).toBe(asked);
  expect(clock.timers).toBe(0);
});

test("a request that has no response yet is kept up for as long as it takes", async () => {
  const { clock, page, keepAlive } = open();
  keepAlive.start(PHOTO, page.id);
  await clock.advance(2 * HOUR);
  const { asked } = page;
  await clock.advance(60 * SECOND);
  expect(page.asked).toBe(asked + 6);
});

test("the request of a client that is gone keeps nothing alive", async () => {
  const { clock, page, clients, keepAlive } = open();
  clients.set("other", { ...page, id: "other" });
  keepAlive.start(PHOTO, "other");
  await clock.advance(10 * SECOND);
  clients.delete("other");
  await clock.advance(10 * SECOND);
  const { asked } = page;
  await clock.advance(HOUR);
  expect(page.asked).toBe(asked);
  expect(clock.timers).toBe(0);
});
