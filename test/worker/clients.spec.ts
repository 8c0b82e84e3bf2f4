import { expect, test } from "@playwright/test";
import { settle } from "../unit/manual-clock.ts";
import { newRequestLock } from "../../sw/request-locks.ts";
import { FakeClient, SIGNED_OUT, signedIn, WorkerWorld } from "./worker-world.ts";

const ADA = signedIn("ada");
const identity = (unanswered: readonly { lock: string; request: string }[]) =>
  ({ type: "identity", account: ADA, map: "", observing: false, unanswered, token: null }) as const;

test("the record of a client that is gone is removed when another client comes", async () => {
  const world = new WorkerWorld();
  for (let i = 0; i < 60; i++) {
    world.clients.clear();
    world.clients.set(`page${i}`, new FakeClient(`page${i}`, ADA));
    world.announce(`page${i}`);
    await settle();
  }

  expect(world.records.size).toBe(1);
});

test("frames that come and go leave no records behind", async () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.announce("a");
  for (let i = 0; i < 60; i++) {
    world.clients.set(`frame${i}`, new FakeClient(`frame${i}`, ADA, "iframe"));
    await world.acquire(`frame${i}`);
    world.clients.delete(`frame${i}`);
  }
  world.clients.set("b", new FakeClient("b", ADA));
  world.announce("b");
  await settle();

  expect(world.records.size).toBe(2);
});

test("a page that signs out keeps its record and loses its account", () => {
  const page = new FakeClient("a", ADA);
  const world = new WorkerWorld(page);
  page.observing = true;
  world.announce("a");
  page.account = SIGNED_OUT;
  world.announce("a");

  expect(world.records.accountOf("a")).toBeNull();
  expect(world.records.isObserving("a")).toBe(true);
});

test("an account change grows the epoch and forgets every account", () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.announce("a");
  const { epoch } = world.records;

  world.records.forgetAccounts();

  expect(world.records.epoch).toBe(epoch + 1);
  expect(world.records.accountOf("a")).toBeNull();
});

test("a page that announces the same account again changes nothing", () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.announce("a");
  const { changes } = world.records;
  world.announce("a");

  expect(world.records.changes).toBe(changes);
});

test("a request that a dead worker left unanswered is taken once", () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.records.learn("a", identity([{ lock: "1", request: "POST /orders" }]));

  expect(world.records.takeUnanswered("a", "POST /other")).toBe(false);
  expect(world.records.takeUnanswered("a", "POST /orders")).toBe(true);
  expect(world.records.takeUnanswered("a", "POST /orders")).toBe(false);
});

test("a request that this worker itself is sending was not left unanswered", () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  world.records.learn("a", identity([{ lock: newRequestLock(), request: "POST /orders" }]));

  expect(world.records.takeUnanswered("a", "POST /orders")).toBe(false);
});

test("identical requests that were left unanswered are each taken once", () => {
  const world = new WorkerWorld(new FakeClient("a", ADA));
  const left = [
    { lock: "1", request: "POST /orders" },
    { lock: "2", request: "POST /orders" },
  ];
  world.records.learn("a", identity(left));
  expect(world.records.takeUnanswered("a", "POST /orders")).toBe(true);

  // A busy page names the same requests in each of its answers.
  world.records.learn("a", identity(left));

  expect(world.records.takeUnanswered("a", "POST /orders")).toBe(true);
  expect(world.records.takeUnanswered("a", "POST /orders")).toBe(false);
});
