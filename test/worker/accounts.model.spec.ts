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
  | { readonly type: "switch"; readonly tab: number; readonly account: number }
  | { readonly type: "requestFromWebWorker"; readonly tab: number }
  | { readonly type: "restart" }
  | { readonly type: "wait"; readonly milliseconds: number };

const tab = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constantFrom("attach", "announce", "freeze", "thaw", "close", "request", "request"),
    tab,
  } as const),
  fc.record({ type: fc.constant("switch" as const), tab, account: fc.nat({ max: 2 }) }),
  fc.record({ type: fc.constant("requestFromWebWorker" as const), tab }),
  fc.record({ type: fc.constant("requestFromWebWorker" as const), tab }),
  fc.record({ type: fc.constant("restart" as const) }),
  fc.record({
    type: fc.constant("wait" as const),
    milliseconds: fc.constantFrom(100, 600, 1_100, 5_000, 12_000),
  }),
);

/** A tab with a page and a web worker, and the account of its user at every moment. */
class Tab {
  readonly page: FakeClient;
  readonly webWorker: FakeClient;
  /** The accounts that the tab has had since the last request began. */
  account: PageAccount;

  constructor(index: number, account: PageAccount) {
    this.page = new FakeClient(`page${index}`, null);
    this.webWorker = new FakeClient(`worker${index}`, null, "worker");
    this.account = account;
  }
}

interface Request {
  readonly owner: Tab;
  /** Every account that the owner has had while the request was under way. */
  readonly accounts: Set<string>;
  readonly result: Promise<TokenResult>;
}

const nameOf = (account: PageAccount): string => (account.type === "account" ? account.id : "signed out");

test("in any order of events no request carries a token of an account that its owner did not have", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const tabs = [0, 1, 2].map((index) => new Tab(index, ACCOUNTS[index % 2] ?? SIGNED_OUT));
      const world = new WorkerWorld(...tabs.flatMap(({ page, webWorker }) => [page, webWorker]));
      const requests: Request[] = [];
      const start = (owner: Tab, clientId: string): void => {
        const accounts = new Set([nameOf(owner.account)]);
        requests.push({ owner, accounts, result: world.acquire(clientId) });
      };

      for (const step of steps) {
        if (step.type === "restart") world.restart();
        else if (step.type === "wait") await world.clock.advance(step.milliseconds);
        else applyTo(tabs[step.tab] as Tab, step, world, requests, start);
        await settle();
      }
      for (const { page } of tabs) page.isFrozen = false;
      await world.clock.advance(200_000);

      for (const { accounts, result } of requests) {
        const found = await result;
        if (found.type !== "token") continue;
        const [user = ""] = found.accessToken.split("#");
        assert.ok(accounts.has(user), `a token of ${user} for an owner who was ${[...accounts].join(", ")}`);
      }
    }),
    { numRuns: 300, seed: 20261128 },
  );
});

function applyTo(
  tab: Tab,
  step: Exclude<Step, { type: "restart" | "wait" }>,
  world: WorkerWorld,
  requests: readonly Request[],
  start: (owner: Tab, clientId: string) => void,
): void {
  const { page, webWorker } = tab;
  const isOpen = world.clients.has(page.id);
  switch (step.type) {
    case "attach":
      page.account = tab.account;
      if (isOpen && !page.isFrozen) world.announce(page.id);
      return;
    case "announce":
      if (isOpen && !page.isFrozen && page.account) world.announce(page.id);
      return;
    case "switch": {
      // A frozen page runs no script, so its account stays.
      const account = ACCOUNTS[step.account];
      if (!account || !isOpen || page.isFrozen) return;
      tab.account = account;
      for (const { owner, accounts } of requests) if (owner === tab) accounts.add(nameOf(account));
      if (!page.account) return;
      page.account = account;
      // As the page does it: the worker is emptied ahead of every other request, then it hears the account.
      world.tokens.forget();
      world.announce(page.id);
      return;
    }
    case "freeze":
      page.isFrozen = true;
      return;
    case "thaw":
      page.isFrozen = false;
      return;
    case "close":
      world.clients.delete(page.id);
      world.clients.delete(webWorker.id);
      return;
    case "request":
      if (isOpen && !page.isFrozen) start(tab, page.id);
      return;
    case "requestFromWebWorker":
      // A web worker belongs to its page's user from the beginning, whether the page has attached or not.
      if (isOpen) start(tab, webWorker.id);
      return;
    default:
      step satisfies never;
  }
}
