import { expect, test } from "@playwright/test";
import { readySource } from "../../page/acquisition/ready-source.ts";
import { Deferred } from "../../pipeline/deferred.ts";
import { ManualClock, settle } from "./manual-clock.ts";

/** A source that gets ready when it is told to, and the calls that it and its listener have had. */
class Starting {
  readonly clock = new ManualClock();
  readonly stop = new AbortController();
  readonly calls: string[] = [];
  readonly ready = new Deferred();

  /** @returns the error, if there is one */
  start(): Promise<unknown> {
    const source = {
      ready: () => this.ready.promise,
      subscribe: () => {
        this.calls.push("subscribe");
        return () => this.calls.push("unsubscribe");
      },
    };
    const listener = { ready: () => this.calls.push("ready"), changed: () => undefined };
    return readySource(source, this.clock, this.stop.signal, listener).catch((error: unknown) => error);
  }
}

test("the account is told as soon as the source is ready, ahead of the work for its changes", async () => {
  const starting = new Starting();
  const started = starting.start();
  await settle();
  expect(starting.calls).toEqual([]);

  starting.ready.resolve();

  expect(await started).toBeUndefined();
  expect(starting.calls).toEqual(["ready", "subscribe"]);
  starting.stop.abort();
  expect(starting.calls).toEqual(["ready", "subscribe", "unsubscribe"]);
});

test("a page that has ended meanwhile leaves no subscription", async () => {
  const starting = new Starting();
  const started = starting.start();
  starting.stop.abort();

  starting.ready.resolve();
  await started;

  expect(starting.calls).toEqual(["ready", "subscribe", "unsubscribe"]);
});

test("a source that does not get ready in time is never listened to", async () => {
  const slow = new Starting();
  const late = slow.start();
  await slow.clock.advance(30_000);
  expect(await late).toMatchObject({ code: "silent_timeout" });

  slow.ready.resolve();
  await settle();

  expect(slow.calls).toEqual([]);
});
