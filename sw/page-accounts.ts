import type { Identity } from "../protocol/messages.ts";
import { askPage } from "./ask-page.ts";
import { singleFlight } from "./single-flight.ts";

declare const self: ServiceWorkerGlobalScope;

/** A page that does not acknowledge within this many milliseconds is asked again: it may have loaded meanwhile. */
const ASK_EVERY = 500;
/** How often a page is asked before it counts as silent: one that is loading, and one that should be idle. */
const LOADING = 20;
const IDLE = 2;
/** What a page says of itself. */
type PageIdentity = Omit<Identity, "type">;

/**
 * Accounts by client: whose requests they make. Only signed-in pages are remembered. One that was signed out is asked
 * each time, so that its first request after sign-in finds the account.
 */
const accounts = new Map<string, string>();
const questions = new Map<string, Promise<string | null>>();

/** Pages that listen to `request` events. */
export const observers = new Set<string>();

export const forgetAccounts = (): void => accounts.clear();

/** The account whose token a client's requests get; `null` where there is none, or none that can be known. */
export const accountOf = async (clientId: string): Promise<string | null> =>
  accounts.get(clientId) ?? (await singleFlight(questions, clientId, () => askAccount(clientId)));

/** Takes in what a page said of itself. */
export function announce(clientId: string, { account, observing }: PageIdentity): string | null {
  // What was concluded for iframes and web workers may not hold any more.
  if ((accounts.get(clientId) ?? account) !== account) accounts.clear();
  observers[observing ? "add" : "delete"](clientId);
  return remember(clientId, account);
}

/** A top-level page, as opposed to a web worker or an iframe. */
export const isPage = (client: Client): boolean => client.type === "window" && client.frameType !== "nested";

/**
 * Open pages of the origin: the given client first, then by the user's last focus. A page that is not controlled yet can
 * answer all the same.
 */
export const topLevelPages = async (first?: string): Promise<readonly WindowClient[]> =>
  (await self.clients.matchAll({ type: "window", includeUncontrolled: true }))
    .filter(isPage)
    .sort((a, b) => Number(b.id === first) - Number(a.id === first));

function remember(clientId: string, account: string | null): string | null {
  if (account !== null) accounts.set(clientId, account);
  return account;
}

/** Rejects when no page answers. */
async function askAccount(clientId: string): Promise<string | null> {
  const client = await self.clients.get(clientId);
  const page = client && isPage(client);
  // An iframe may speak for itself. A web worker cannot, and nobody tells which page it belongs to.
  const [own, others] = await Promise.all([
    client?.type === "window" ? identify(client, page ? LOADING : IDLE) : undefined,
    page ? undefined : agreedAccount(),
  ]);
  const account = own === undefined ? others : own;
  if (account === undefined) throw new TypeError();
  return remember(clientId, account);
}

/**
 * The account of all pages, `null` where they differ, `undefined` where none answers. A hidden page that is silent is
 * taken for frozen and does not count; a visible one, or the only one, may still be loading and is waited for.
 */
async function agreedAccount(): Promise<string | null | undefined> {
  const pages = await topLevelPages();
  const answers = await Promise.all(
    pages.map((page) =>
      identify(page, pages.length === 1 || page.visibilityState === "visible" ? LOADING : IDLE),
    ),
  );
  const different = new Set(answers.filter((account) => account !== undefined));
  return different.size > 1 ? null : [...different][0];
}

/** @returns the page's account, `undefined` when it is silent or gone */
export async function identify({ id }: Client, tries = IDLE): Promise<string | null | undefined> {
  while (tries-- > 0) {
    const page = await self.clients.get(id);
    if (accounts.has(id) || !page) return accounts.get(id);
    const answer = await askPage(page, { type: "identify" }, ASK_EVERY);
    if (answer?.type === "identity") return announce(id, answer);
  }
  return undefined;
}
