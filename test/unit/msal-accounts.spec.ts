import type { AccountInfo, EventMessage, IPublicClientApplication } from "@azure/msal-browser";
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

/** A tab that listens to MSAL, until `end`. */
function openTab() {
  const msal = new FakeMsal();
  const accounts = new MsalAccounts(msal as unknown as IPublicClientApplication, undefined);
  const end = accounts.subscribe(() => undefined);
  return { msal, accounts, end };
}

test("a user who signed out and in again in one tab is signed in again in the others", async () => {
  const target = new EventTarget();
  const globals = {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  await withGlobals(globals, async () => {
    const [tab, other] = [openTab(), openTab()];
    tab.msal.raise({ eventType: EventType.LOGOUT_START, payload: { account: ADA } });
    await expect.poll(() => other.accounts.current()).toBeNull();

    tab.msal.raise({ eventType: EventType.LOGIN_SUCCESS, payload: ADA });
    await expect.poll(() => other.accounts.current()).toEqual(ADA);
    tab.end();
    other.end();
  });
});
