import { expect, test } from "@playwright/test";
import { AttachmentEvents, type TokenFailed } from "../../page/attachment-events.ts";
import { TokenAttachment } from "../../page/token-attachment.ts";
import { ManualClock } from "./manual-clock.ts";

const REQUEST = {
  resource: "https://api.example.com/*",
  method: "GET",
  url: "https://api.example.com/a",
  destination: "",
  token: "memory",
  replayed: false,
  status: 200,
  startedAt: 0,
  id: "1",
  refused: false,
  responseType: "basic",
  tokenTime: 0,
  responseTime: 0,
  ignoredMessages: 0,
  scopes: ["read"],
} as const;

const FAILED: TokenFailed = {
  resource: "*",
  scopes: [],
  code: "worker_bypassed",
  reason: null,
  correlationId: null,
  outcome: "bare",
};

/** An attachment of a page that does nothing, and a note of every change of `observing`. */
async function attach() {
  const clock = new ManualClock();
  const events = new AttachmentEvents(clock);
  const changes: boolean[] = [];
  events.onObservingChange = () => changes.push(events.observing);
  const done = (): Promise<void> => Promise.resolve();
  const page = {
    tokens: new Map(),
    detach: done,
    forgetTokens: () => undefined,
    renewToken: () => Promise.resolve(true),
    signIn: done,
  };
  const attachment = new TokenAttachment(page, events);
  await clock.advance(0);
  return { events, changes, attachment };
}

const ignore = (): void => undefined;

test("an event that a part of the page emits reaches the listeners with its detail", async () => {
  const { events, attachment } = await attach();
  const heard: TokenFailed[] = [];
  attachment.addEventListener("tokenfailed", ({ detail }) => heard.push(detail));
  events.emit("tokenfailed", FAILED);
  expect(heard).toEqual([FAILED]);
});

test("an event that is emitted before the attachment exists reaches listeners that the site adds at once", async () => {
  const clock = new ManualClock();
  const events = new AttachmentEvents(clock);
  const heard: unknown[] = [];
  events.emit("tokenfailed", FAILED);
  const target = new EventTarget();
  events.connect(target);
  events.emit("tokenfailed", { ...FAILED, code: "other_worker" });
  target.addEventListener("tokenfailed", (event) =>
    heard.push((event as CustomEvent<TokenFailed>).detail.code),
  );
  await clock.advance(0);
  expect(heard).toEqual(["worker_bypassed", "other_worker"]);
  events.emit("tokenfailed", FAILED);
  expect(heard).toHaveLength(3);
});

test("an attachment observes from the first listener to requests until the last one is removed", async () => {
  const { changes, attachment } = await attach();
  const other = (): void => undefined;
  attachment.addEventListener("request", ignore);
  attachment.addEventListener("request", other);
  attachment.removeEventListener("request", ignore);
  expect(changes).toEqual([true]);
  attachment.removeEventListener("request", other);
  expect(changes).toEqual([true, false]);
});

test("a listener that is added twice counts once, as in every event target", async () => {
  const { changes, attachment } = await attach();
  attachment.addEventListener("request", ignore);
  attachment.addEventListener("request", ignore);
  attachment.removeEventListener("request", ignore);
  expect(changes).toEqual([true, false]);
});

test("listeners to other events and the removal of a stranger change nothing", async () => {
  const { changes, attachment } = await attach();
  attachment.addEventListener("tokenacquired", ignore);
  attachment.addEventListener("request", null);
  attachment.removeEventListener("request", ignore);
  expect(changes).toEqual([]);
});

test("a listener for one request stops observing with it", async () => {
  const { events, changes, attachment } = await attach();
  let heard = 0;
  attachment.addEventListener("request", () => heard++, { once: true });
  events.emit("request", REQUEST);
  events.emit("request", REQUEST);
  expect(heard).toBe(1);
  expect(changes).toEqual([true, false]);
});

test("a listener stops observing when its signal aborts, and never begins with a signal that has", async () => {
  const { changes, attachment } = await attach();
  const stop = new AbortController();
  attachment.addEventListener("request", ignore, { signal: stop.signal });
  stop.abort();
  expect(changes).toEqual([true, false]);
  attachment.addEventListener("request", ignore, { signal: stop.signal });
  expect(changes).toEqual([true, false]);
});

test("a listener that is added anew outlives its earlier single request", async () => {
  const { events, attachment } = await attach();
  let heard = 0;
  const listener = (): void => void heard++;
  attachment.addEventListener("request", listener, { once: true });
  attachment.removeEventListener("request", listener);
  attachment.addEventListener("request", listener);
  events.emit("request", REQUEST);
  expect(events.observing).toBe(true);
  events.emit("request", REQUEST);
  expect(heard).toBe(2);
});

test("a listener that is already there stays when it is added for one request only", async () => {
  const { events, attachment } = await attach();
  let heard = 0;
  const listener = (): void => void heard++;
  attachment.addEventListener("request", listener);
  attachment.addEventListener("request", listener, { once: true });
  events.emit("request", REQUEST);
  events.emit("request", REQUEST);
  expect(heard).toBe(2);
  expect(events.observing).toBe(true);
});

test("an attachment passes its methods on to the page", async () => {
  const calls: string[] = [];
  const detail = { ...FAILED, fromCache: true, interactive: false, duration: 0, expiresOn: 0 };
  const page = {
    tokens: new Map([["read", detail]]),
    detach: async () => void calls.push("detach"),
    forgetTokens: () => void calls.push("forgetTokens"),
    renewToken: async (url: string | URL) => calls.push(`renewToken ${String(url)}`) > 0,
    signIn: async () => void calls.push("signIn"),
  };
  const attachment = new TokenAttachment(page, new AttachmentEvents(new ManualClock()));
  await attachment.signIn();
  attachment.forgetTokens();
  expect(await attachment.renewToken("/api")).toBe(true);
  await attachment.detach();
  expect(calls).toEqual(["signIn", "forgetTokens", "renewToken /api", "detach"]);
  expect(attachment.tokens.get("read")).toBe(detail);
});

test("events that come ahead of the attachment wait for it, a hundred at most", async () => {
  const clock = new ManualClock();
  const events = new AttachmentEvents(clock);
  for (let i = 0; i < 150; i++) events.emit("tokenfailed", FAILED);
  const target = new EventTarget();
  let heard = 0;
  target.addEventListener("tokenfailed", () => (heard += 1));
  events.connect(target);
  expect(heard).toBe(0);
  await clock.advance(0);
  expect(heard).toBe(100);
});
