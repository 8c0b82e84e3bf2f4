import assert from "node:assert/strict";
import { test } from "@playwright/test";
import fc from "fast-check";
import type { TokenResult } from "../../pipeline/token-result.ts";
import type { PageAccount } from "../../protocol/page-account.ts";
import { settle } from "../unit/manual-clock.ts";
import { FakeClient, SIGNED_OUT, signedIn, WorkerWorld } from "./worker-world.ts";

const ACCOUNTS: readonly PageAccount[] = [signedIn("ada"), signedIn("alan"), SIGNED_OUT];

type Step =
  | { readonly type: "attach" | "announce" | "freeze" | "thaw" | "close" | "request"; readonly tab: number }
  | { readonly type: "switch" | "switchFrame"; readonly tab: number; readonly account: number }
  | { readonly type: "requestFromWebWorker"; readonly tab: number }
  | { readonly type: "attachFrame" | "requestFromFrame" | "requestFromFrameWorker"; readonly tab: number }
  | { readonly type: "restart" }
  | { readonly type: "wait"; readonly milliseconds: number };

const tab = fc.nat({ max: 2 });
/** All pages agree more often where they are few. */
const tabCount = fc.constantFrom(1, 1, 2, 3);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constantFrom("attach", "announce", "freeze", "thaw", "close", "request", "request"),
    tab,
  } as const),
  fc.record({ type: fc.constant("switch" as const), tab, account: fc.nat({ max: 2 }) }),
  fc.record({ type: fc.constant("requestFromWebWorker" as const), tab }),
  fc.record({ type: fc.constant("requestFromWebWorker" as const), tab }),
  fc.record({ type: fc.constant("switchFrame" as const), tab, account: fc.nat({ max: 1 }) }),
  fc.record({
    type: fc.constantFrom("attachFrame", "requestFromFrame", "requestFromFrameWorker"),
    tab,
  } as const),
  fc.record({ type: fc.constant("restart" as const) }),
  fc.record({
    type: fc.constant("wait" as const),
    milliseconds: fc.constantFrom(100, 600, 1_100, 5_000, 12_000),
  }),
);

/** The user of a page or frame at every moment. */
interface Owner {
  account: PageAccount;
}

/** A tab with a page and a web worker, and with an iframe that has a web worker and an account of its own. */
class Tab implements Owner {
  readonly page: FakeClient;
  readonly webWorker: FakeClient;
  readonly frame: FakeClient;
  readonly frameWorker: FakeClient;
  account: PageAccount;
  readonly frameOwner: Owner;

  constructor(index: number, account: PageAccount) {
    this.page = new FakeClient(`page${index}`, null);
    this.webWorker = new FakeClient(`worker${index}`, null, "worker");
    this.frame = new FakeClient(`frame${index}`, null, "iframe");
    this.frameWorker = new FakeClient(`frame-worker${index}`, null, "worker");
    this.account = account;
    this.frameOwner = { account: ACCOUNTS[(index + 1) % 2] ?? SIGNED_OUT };
  }

  get clients(): readonly FakeClient[] {
    return [this.page, this.webWorker, this.frame, this.frameWorker];
  }

  set isFrozen(isFrozen: boolean) {
    for (const client of this.clients) client.isFrozen = isFrozen;
  }
}

interface Request {
  readonly owner: Owner;
  /** Every account that the owner has had while the request was under way. */
  readonly accounts: Set<string>;
  readonly result: Promise<TokenResult>;
}

const nameOf = (account: PageAccount): string => (account.type === "account" ? account.id : "signed out");

test("in any order of events no request carries a token of an account that its owner did not have", async () => {
  await fc.assert(
    fc.asyncProperty(tabCount, fc.array(step, { minLength: 5, maxLength: 40 }), async (count, steps) => {
      const tabs = Array.from({ length: count }, (_, i) => new Tab(i, ACCOUNTS[i % 2] ?? SIGNED_OUT));
      const world = new WorkerWorld(...tabs.flatMap(({ clients }) => clients));
      const requests: Request[] = [];
      const start = (owner: Owner, clientId: string): void => {
        const accounts = new Set([nameOf(owner.account)]);
        requests.push({ owner, accounts, result: world.acquire(clientId) });
      };

      for (const step of steps) {
        if (step.type === "restart") world.restart();
        else if (step.type === "wait") await world.clock.advance(step.milliseconds);
        else applyTo(tabs[step.tab % count] as Tab, step, world, requests, start);
        await settle();
      }
      for (const tab of tabs) tab.isFrozen = false;
      await world.clock.advance(200_000);

      for (const { accounts, result } of requests) {
        const found = await result;
        if (found.type !== "token") continue;
        const [user = ""] = found.accessToken.split("#");
        assert.ok(accounts.has(user), `a token of ${user} for an owner who was ${[...accounts].join(", ")}`);
      }
    }),
    { numRuns: 2_000, seed: 20261128 },
  );
});

function applyTo(
  tab: Tab,
  step: Exclude<Step, { type: "restart" | "wait" }>,
  world: WorkerWorld,
  requests: readonly Request[],
  start: (owner: Owner, clientId: string) => void,
): void {
  const { page, webWorker, frame, frameWorker, frameOwner } = tab;
  const isOpen = world.clients.has(page.id);
  const isAwake = isOpen && !page.isFrozen;
  const note = (owner: Owner, account: PageAccount): void => {
    owner.account = account;
    for (const request of requests) if (request.owner === owner) request.accounts.add(nameOf(account));
  };
  switch (step.type) {
    case "attach":
      page.account = tab.account;
      if (isAwake) world.announce(page.id);
      return;
    case "announce":
      if (isAwake && page.account) world.announce(page.id);
      return;
    case "switch": {
      // A frozen page runs no script, so its account stays.
      const account = ACCOUNTS[step.account];
      if (!account || !isAwake) return;
      note(tab, account);
      if (!page.account) return;
      page.account = account;
      // As the page does it: the worker is emptied ahead of every other request, then it hears the account.
      world.tokens.forget();
      world.announce(page.id);
      return;
    }
    case "freeze":
      tab.isFrozen = true;
      return;
    case "thaw":
      tab.isFrozen = false;
      return;
    case "close":
      for (const { id } of tab.clients) world.clients.delete(id);
      return;
    case "request":
      if (isAwake) start(tab, page.id);
      return;
    case "requestFromWebWorker":
      // A web worker belongs to its page's user from the beginning, whether the page has attached or not.
      if (isOpen) start(tab, webWorker.id);
      return;
    case "attachFrame":
      if (!isAwake) return;
      frame.account = frameOwner.account;
      world.announce(frame.id);
      return;
    case "switchFrame": {
      const account = ACCOUNTS[step.account];
      if (!account || !isAwake || !frame.account) return;
      note(frameOwner, account);
      frame.account = account;
      world.tokens.forget();
      world.announce(frame.id);
      return;
    }
    case "requestFromFrame":
    case "requestFromFrameWorker":
      if (!isAwake) return;
      // A frame that has not attached belongs to its page, so its requests may have the token of any page.
      const { id } = step.type === "requestFromFrame" ? frame : frameWorker;
      if (frame.account) start(frameOwner, id);
      else void world.acquire(id);
      return;
    default:
      step satisfies never;
  }
}
