import type { Identity } from "../protocol/messages.ts";
import { type AskPage, askPage } from "./ask-page.ts";
import { leaveFlights, singleFlight } from "./single-flight.ts";

declare const self: ServiceWorkerGlobalScope;

/** A page that does not acknowledge within this many milliseconds is asked again: it may have loaded meanwhile. */
const ASK_EVERY = 500;
/**
 * After how many milliseconds a page counts as silent: the one whose request waits, one that may be loading, and one that
 * should be idle.
 */
export const BUSY = 30_000;
const LOADING = 10_000;
const IDLE = 1_000;
/** What a page says of itself. */
type PageIdentity = Pick<Identity, "account"> & Partial<Omit<Identity, "type">>;

/**
 * Accounts by client: whose requests they make. Only signed-in pages are remembered. One that was signed out is asked
 * each time, so that its first request after sign-in finds the account.
 */
const accounts = new Map<string, string>();
/** The same for iframes and web workers, as concluded from the pages: no longer true when those change. */
let concluded = new Map<string, string>();

/** What workers that died have left unanswered, by the page that waits for it. */
export const unanswered = new Map<string, unknown[]>();

/** Pages that listen to `request` events. */
export const observers = new Set<string>();

export function forgetAccounts(): void {
  accounts.clear();
  concluded = new Map();
  leaveFlights();
}

/**
 * The account whose token a client's requests get; `null` where there is none, or none that can be known. `undefined` when
 * no page answers.
 */
export const accountOf = async (clientId: string, ask: AskPage): Promise<Account> =>
  accounts.get(clientId) ??
  concluded.get(clientId) ??
  (await singleFlight(clientId, () => askAccount(clientId, ask)));

type Account = string | null | undefined;

/** Takes in what a page said of itself. */
export function announce(
  clientId: string,
  { account, observing, unanswered: left }: PageIdentity,
): string | null {
  if (left) unanswered.set(clientId, [left].flat());
  if (accounts.get(clientId) !== account) concluded.clear();
  if (account === null) accounts.delete(clientId);
  else accounts.set(clientId, account);
  observers[observing ? "add" : "delete"](clientId);
  return account;
}

/** Not a client of another app's on this origin. */
export const isOurs = ({ url }: Client): boolean => url.startsWith(self.registration.scope);

/** A top-level page, as opposed to a web worker or an iframe. */
const isPage = (client: Client): boolean =>
  client.type === "window" && client.frameType !== "nested" && isOurs(client);

const isVisible = ({ visibilityState }: WindowClient): boolean => visibilityState === "visible";

/**
 * Open pages of the origin: those that the user sees first, and among them the given client. A page that is not
 * controlled yet can answer all the same. Where another site embeds the app there are only iframes.
 */
export async function topLevelPages(first?: string): Promise<readonly WindowClient[]> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const rank = (page: WindowClient): number => (isVisible(page) ? 0 : 2) + (page.id === first ? 0 : 1);
  return pages
    .filter((page) => isPage(page) || (isOurs(page) && !pages.some(isPage)))
    .sort((a, b) => rank(a) - rank(b));
}

async function askAccount(clientId: string, ask: AskPage): Promise<Account> {
  // What is found out meanwhile may be no longer true.
  const known = concluded;
  const client = await self.clients.get(clientId);
  // It has gone, and nobody can tell any more whose request this is.
  if (clientId && !client) return null;
  const page = client && isPage(client);
  // An iframe may speak for itself. A web worker or a navigation cannot, and nobody tells to which page it belongs.
  let account = client?.type === "window" ? await identify(client, page ? BUSY : IDLE, ask) : undefined;
  if (account === undefined && !page) account = await agreedAccount();
  if (account && client && !page) known.set(clientId, account);
  // A navigation has no client, and may be the first page of all.
  return client ? account : (account ?? null);
}

/**
 * The account of all pages, `null` where they differ, `undefined` where none answers. A hidden page that is silent is
 * taken for frozen and does not count; a visible one may still be loading and is waited for.
 */
async function agreedAccount(): Promise<Account> {
  const pages = await topLevelPages();
  const answers = await Promise.all(pages.map((page) => identify(page, isVisible(page) ? LOADING : IDLE)));
  const different = new Set(answers.filter((account) => account !== undefined));
  return different.size > 1 ? null : [...different][0];
}

const askIdentity: AskPage = (page, acknowledgeWithin) =>
  askPage(page, { type: "identify" }, acknowledgeWithin);

/** @returns the page's account, `undefined` when it is silent or gone */
export async function identify(
  client: Client,
  patience = IDLE,
  ask: AskPage = askIdentity,
): Promise<Account> {
  const end = Date.now() + patience;
  const { id } = client;
  let page: Client | undefined = client;
  while (page && !accounts.has(id) && Date.now() < end) {
    const answer = await ask(page, ASK_EVERY);
    if (answer && "account" in answer) return announce(id, answer);
    ask = askIdentity;
    page = await self.clients.get(id);
  }
  return accounts.get(id);
}
