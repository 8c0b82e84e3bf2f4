import {
  type AccountInfo,
  type AuthenticationResult,
  type EndSessionRequest,
  type EventMessage,
  EventType,
  type IPublicClientApplication,
} from "@azure/msal-browser";
import type { SourceChange } from "../token-source.ts";
import { onMsalEvent } from "./events.ts";
import type { MsalOptions } from "./options.ts";

/** Methods that change the account of this tab. MSAL does not raise an event for each of their calls. */
const CHANGING = ["clearCache", "setActiveAccount"] as const;

/** Not as methods, since they are taken off MSAL, and put back. */
type Changing = Record<
  (typeof CHANGING)[number],
  (this: IPublicClientApplication, ...given: unknown[]) => unknown
>;

/** Of MSAL before 5, where `ssoSilent` raises no LOGIN_SUCCESS. */
const SSO_SILENT_SUCCESS = "msal:ssoSilentSuccess";

/**
 * For how many milliseconds an account that has signed in in another tab is on its way to this one. MSAL from version 4 on lists
 * it at once, and sends it as a message, which takes a while to decrypt. MSAL that is asked for accounts meanwhile takes it off
 * the list, and so signs the user out in all tabs.
 */
const ARRIVES_WITHIN = 500;

/** A function, so that bundlers can leave MSAL out of pages that never attach. */
const accountEvents = (): string[] => [
  SSO_SILENT_SUCCESS,
  EventType.LOGIN_SUCCESS,
  EventType.LOGOUT_START,
  EventType.ACTIVE_ACCOUNT_CHANGED,
  EventType.ACQUIRE_TOKEN_SUCCESS,
];

/** The account that this page uses among MSAL's, and its changes in this and other tabs. */
export class MsalAccounts {
  readonly #msal: IPublicClientApplication;
  readonly #choose: MsalOptions["account"];
  /** Ids of accounts that this page has used. */
  readonly #used = new Set<string>();
  /** Ids of accounts that signed out in this or another tab, and have not signed in since as far as is known. */
  readonly #signedOut = new Set<string>();
  /** MSAL's answer the last time that it was asked. */
  #last: AccountInfo | null | undefined = null;
  /** Until when MSAL is not asked, since an account is on its way here, by `performance.now`. */
  #arrivesUntil = 0;

  constructor(msal: IPublicClientApplication, choose: MsalOptions["account"]) {
    this.#msal = msal;
    this.#choose = choose;
  }

  current(): AccountInfo | null {
    if (performance.now() >= this.#arrivesUntil) this.#last = this.#chosen();
    const account = this.#last;
    if (!account?.homeAccountId || this.#signedOut.has(account.homeAccountId)) return null;
    this.#used.add(account.homeAccountId);
    return account;
  }

  /**
   * @param returned the account that has just signed in by a redirect, of which MSAL's event came before this
   * @see TokenSource.subscribe
   */
  subscribe(listener: (change: SourceChange) => void, returned: AccountInfo | null): () => void {
    const msal = this.#msal;
    // A user who signs out in one tab has signed out in all. MSAL's sessionStorage is per tab, and each tab has to forget.
    const channel = new BroadcastChannel(`bearer-worker:${msal.getConfiguration().auth.clientId}`);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#hear(data);
      if (Array.isArray(data)) listener("account");
      else arriving();
    };
    // MSAL 3 and 4 tell other tabs of no sign-in.
    const tellSignIn = (signedIn: string | null): void => channel.postMessage({ signedIn });
    if (returned) tellSignIn(returned.homeAccountId);
    const changed = (): void => {
      listener("account");
      // MSAL changes the active account before it removes the accounts that it clears.
      setTimeout(() => listener("account"));
    };
    let arrival: ReturnType<typeof setTimeout> | undefined;
    const arriving = (): void => {
      this.#arrivesUntil = performance.now() + ARRIVES_WITHIN;
      clearTimeout(arrival);
      // Some browsers fire a timer a little early.
      arrival = setTimeout(changed, ARRIVES_WITHIN + 10);
    };
    const restore = onOwnChange(msal, () => {
      this.#arrivesUntil = 0;
      changed();
    });
    // A page without an attachment may change the cache that all tabs share. The event names the key that changed, if one did.
    const elsewhere = ({ key, oldValue, newValue }: StorageEvent): void => {
      if (key !== null && !key.startsWith("msal")) return;
      // The account's own item comes ahead of the list. A choice among the accounts that are there counts at once.
      const isLonger = (newValue?.length ?? 0) > (oldValue?.length ?? 0);
      if (isLonger && !key?.includes("active-account")) arriving();
      else changed();
    };
    addEventListener("storage", elsewhere);
    const end = onMsalEvent(msal, accountEvents(), (event) => {
      if (isFromCache(event)) return;
      if (event.eventType === EventType.LOGOUT_START) {
        channel.postMessage(this.#startLogout(event));
      } else if (isInteractive(event)) {
        this.#signedOut.clear();
        tellSignIn(accountIdOf(event));
        listener("interaction");
      } else if ((event.eventType as string) === SSO_SILENT_SUCCESS) {
        const { homeAccountId } = (event.payload as AuthenticationResult).account;
        this.#signedOut.delete(homeAccountId);
        tellSignIn(homeAccountId);
      }
      changed();
    });
    return () => {
      clearTimeout(arrival);
      restore();
      removeEventListener("storage", elsewhere);
      end();
      channel.close();
    };
  }

  #chosen(): AccountInfo | null | undefined {
    try {
      if (this.#choose) return this.#choose(this.#msal);
      return this.#msal.getActiveAccount() ?? this.#msal.getAllAccounts()[0];
    } catch (error) {
      // The site hears of its own mistake, and requests do not wait for it.
      reportError(error);
      return null;
    }
  }

  /** @returns ids of the accounts that sign out */
  #startLogout({ payload }: EventMessage): string[] {
    const account = (payload as EndSessionRequest | null)?.account;
    // Without an account all of them sign out, and MSAL may have forgotten them by now.
    const ids = account ? [account.homeAccountId] : [...this.#used];
    for (const id of ids) this.#signedOut.add(id);
    return ids;
  }

  /** Hears of sign-ins and sign-outs in another tab. Any script of the origin can speak there. */
  #hear(data: unknown): void {
    if (Array.isArray(data)) return this.#signOut(data);
    const { signedIn } = (data ?? {}) as { readonly signedIn?: unknown };
    if (typeof signedIn === "string") this.#signedOut.delete(signedIn);
  }

  /** Signs accounts out that another tab has signed out. */
  #signOut(ids: readonly unknown[]): void {
    for (const account of this.#msal.getAllAccounts()) {
      if (!ids.includes(account.homeAccountId)) continue;
      this.#signedOut.add(account.homeAccountId);
      void this.#msal.clearCache({ account }).catch(() => undefined);
    }
  }
}

const isInteractive = ({ eventType, interactionType }: EventMessage): boolean =>
  eventType === EventType.LOGIN_SUCCESS || (interactionType !== null && interactionType !== "silent");

/** Some events have the account as their payload, others a result with it. */
function accountIdOf({ payload }: EventMessage): string | null {
  const { account, homeAccountId } = (payload ?? {}) as Partial<AuthenticationResult & AccountInfo>;
  return account?.homeAccountId ?? homeAccountId ?? null;
}

/** A token from MSAL's cache changes no account. MSAL takes most of a millisecond to name one, and DPoP asks for each request. */
const isFromCache = ({ eventType, payload }: EventMessage): boolean =>
  eventType === EventType.ACQUIRE_TOKEN_SUCCESS &&
  (payload as Partial<AuthenticationResult> | null)?.fromCache === true;

/**
 * Calls back whenever the site clears MSAL's cache or sets the active account. MSAL raises no event for a cache without
 * the active account, and before version 4 none for the active account itself.
 *
 * @returns puts MSAL's own methods back
 */
function onOwnChange(msal: IPublicClientApplication, changed: () => void): () => void {
  const changing = msal as unknown as Changing;
  const own = CHANGING.map((name) => [name, changing[name]] as const);
  for (const [name, method] of own) {
    changing[name] = (...given) => {
      const result = method.apply(msal, given);
      changed();
      return result;
    };
  }
  return () => {
    for (const [name, method] of own) changing[name] = method;
  };
}
