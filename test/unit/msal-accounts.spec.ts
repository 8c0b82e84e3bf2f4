import type {
  AccountInfo,
  AuthenticationResult,
  EventMessage,
  IPublicClientApplication,
} from "@azure/msal-browser";
import { EventType } from "@azure/msal-browser";
import { expect, test } from "@playwright/test";
import { MsalAccounts } from "../../page/msal/accounts.ts";
import { withGlobals } from "./with-globals.ts";

const ADA = { homeAccountId: "ada", tenantId: "t" } as AccountInfo;

/** MSAL in one tab, whose cache is shared and loses an account late, as in MSAL 3 and 4. */
class FakeMsal {
  readonly listeners = new Set<(event: EventMessage) => void>();
  getConfiguration = () => ({ auth: { clientId: "shop" } });
  getActiveAccount = () => ADA;
  getAllAccounts = () => [ADA];
  setActiveAccount = () => undefined;
  clearCache = () => Promise.resolve();
  addEventCallback = (listener: (event: EventMessage) => void) => {
    this.listeners.add(listener);
    return "id";
  };
  removeEventCallback = () => undefined;
  raise(event: Partial<EventMessage>): void {
    for (const listener of this.listeners) listener(event as EventMessage);
  }
}

/** A tab that listens to MSAL, until `end`. `returned` has just signed in by a redirect. */
function openTab(returned: AccountInfo | null = null) {
  const msal = new FakeMsal();
  const accounts = new MsalAccounts(msal as unknown as IPublicClientApplication, undefined);
  const end = accounts.subscribe(() => undefined, returned);
  return { msal, accounts, end };
}

const LOGGED_IN = { eventType: EventType.LOGIN_SUCCESS, payload: ADA };
/** Of MSAL 3 and 4. */
const SSO = {
  eventType: "msal:ssoSilentSuccess" as EventType,
  payload: { account: ADA } as AuthenticationResult,
};

for (const [by, signIn] of [
  ["by a popup", ({ msal }) => msal.raise(LOGGED_IN)],
  ["silently with MSAL 3 or 4", ({ msal }) => msal.raise(SSO)],
  // A new page of the tab.
  ["by a redirect", ({ end }) => (end(), openTab(ADA).end())],
] as [string, (tab: ReturnType<typeof openTab>) => void][]) {
  test(`a user who signed out and in again ${by} in one tab is signed in again in the others`, async () => {
    const target = new EventTarget();
    const globals = {
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    };
    await withGlobals(globals, async () => {
      const [tab, other] = [openTab(), openTab()];
      tab.msal.raise({ eventType: EventType.LOGOUT_START, payload: { account: ADA } });
      await expect.poll(() => other.accounts.current()).toBeNull();

      signIn(tab);
      await expect.poll(() => other.accounts.current()).toEqual(ADA);
      tab.end();
      other.end();
    });
  });
}

for (const [kind, arrive] of [
  [
    "another tab has listed it",
    (target) =>
      target.dispatchEvent(
        Object.assign(new Event("storage"), { key: "msal.3.account.keys", oldValue: "[]", newValue: "[1]" }),
      ),
  ],
  ["another tab tells of its sign-in", (_target, other) => other.msal.raise(LOGGED_IN)],
] as [string, (target: EventTarget, other: ReturnType<typeof openTab>) => unknown][]) {
  test(`MSAL is not asked for an account that is on its way when ${kind}`, async () => {
    const target = new EventTarget();
    const globals = {
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    };
    await withGlobals(globals, async () => {
      const other = openTab();
      const msal = new FakeMsal();
      const accounts = new MsalAccounts(msal as unknown as IPublicClientApplication, undefined);
      let looks = 0;
      const end = accounts.subscribe(() => {
        looks += 1;
        accounts.current();
      }, null);
      msal.getActiveAccount = () => null as unknown as AccountInfo;
      msal.getAllAccounts = () => [];
      expect(accounts.current()).toBeNull();

      msal.getAllAccounts = () => {
        throw new Error("MSAL was asked");
      };
      arrive(target, other);
      // The message of the other tab comes in a task of its own.
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      expect(accounts.current()).toBeNull();
      expect(looks).toBe(0);

      msal.getAllAccounts = () => [ADA];
      await expect.poll(() => looks).toBeGreaterThan(0);
      expect(accounts.current()).toEqual(ADA);
      end();
      other.end();
    });
  });
}

test("a page looks at its accounts when another tab changes MSAL's cache, and not yet when an account may be on its way", async () => {
  const target = new EventTarget();
  const globals = {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  await withGlobals(globals, () => {
    const msal = new FakeMsal() as unknown as IPublicClientApplication;
    let looks = 0;
    const end = new MsalAccounts(msal, undefined).subscribe(() => (looks += 1), null);
    const looksAt = (key: string | null, oldValue: string | null, newValue: string | null): boolean => {
      const before = looks;
      target.dispatchEvent(Object.assign(new Event("storage"), { key, oldValue, newValue }));
      return looks > before;
    };
    const list = "msal.3.account.keys";
    expect([looksAt(list, "[]", "[1]"), looksAt("msal.3|ada", null, "{}")]).toEqual([false, false]);
    expect([looksAt(list, "[1]", "[]"), looksAt(list, "[1]", null), looksAt(null, null, null)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(looksAt("msal.3.shop.active-account-filters", null, "{}")).toBe(true);
    expect(looksAt("theme", null, "dark")).toBe(false);
    end();
  });
});
