import { expect, test } from "@playwright/test";
import { UnansweredRequests } from "../../page/worker/unanswered-requests.ts";
import type { SendingNotice } from "../../protocol/request-notices.ts";
import { ManualClock } from "./manual-clock.ts";

/** Locks of which workers hold some. */
class FakeLocks implements Pick<LockManager, "request"> {
  readonly held = new Set<string>();
  readonly asked: LockOptions[] = [];

  request<Value>(name: string, callback: LockGrantedCallback<Value>): Promise<Awaited<Value>>;
  request<Value>(
    name: string,
    options: LockOptions,
    callback: LockGrantedCallback<Value>,
  ): Promise<Awaited<Value>>;
  async request<Value>(
    name: string,
    options: LockOptions | LockGrantedCallback<Value>,
    callback?: LockGrantedCallback<Value>,
  ): Promise<Awaited<Value>> {
    if (typeof options === "function" || !callback) throw new Error("A page never waits for a lock.");
    this.asked.push(options);
    return await callback(this.held.has(name) ? null : { name, mode: options.mode ?? "exclusive" });
  }
}

function page() {
  const clock = new ManualClock();
  const locks = new FakeLocks();
  return { clock, locks, requests: new UnansweredRequests(locks, clock) };
}

const sending = (lock: string, request: string | null): SendingNotice => ({ type: "sending", lock, request });

test("a request whose worker has died is unanswered: its lock is free", async () => {
  const { locks, requests } = page();
  locks.held.add("lock 1");
  requests.note(sending("lock 1", "POST /orders"));
  requests.note(sending("lock 2", "POST /photos"));
  expect(await requests.left()).toEqual([{ lock: "lock 2", request: "POST /photos" }]);
  locks.held.delete("lock 1");
  expect(await requests.left()).toEqual([
    { lock: "lock 1", request: "POST /orders" },
    { lock: "lock 2", request: "POST /photos" },
  ]);
});

test("a request that was answered is not unanswered", async () => {
  const { requests } = page();
  requests.note(sending("lock 1", "POST /orders"));
  requests.note(sending("lock 1", null));
  expect(await requests.left()).toEqual([]);
});

test("a request whose answer is told while its lock is looked at is not unanswered", async () => {
  const { requests } = page();
  requests.note(sending("lock 1", "POST /orders"));
  const left = requests.left();
  requests.note(sending("lock 1", null));
  expect(await left).toEqual([]);
});

test("an unanswered request is named to each question within a second, and to no later one", async () => {
  const { clock, requests } = page();
  requests.note(sending("lock 1", "POST /orders"));
  expect(await requests.left()).toHaveLength(1);
  await clock.advance(999);
  expect(await requests.left()).toHaveLength(1);
  await clock.advance(1);
  expect(await requests.left()).toEqual([]);
});

test("a page that is never asked keeps an unanswered request for the next question", async () => {
  const { clock, requests } = page();
  requests.note(sending("lock 1", "POST /orders"));
  await clock.advance(600_000);
  expect(await requests.left()).toHaveLength(1);
});

test("a page looks at a lock without waiting for it, and beside other questions", async () => {
  const { locks, requests } = page();
  requests.note(sending("lock 1", "POST /orders"));
  await requests.left();
  expect(locks.asked).toEqual([{ ifAvailable: true, mode: "shared" }]);
});

test("a page without locks names no request", async () => {
  const requests = new UnansweredRequests(undefined, new ManualClock());
  requests.note(sending("lock 1", "POST /orders"));
  expect(await requests.left()).toEqual([]);
});
