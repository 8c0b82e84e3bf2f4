import type { AcquireQuestion, Answer, TokenAnswer } from "../protocol/messages.ts";
import type { ResourceMatch } from "../protocol/resource-matcher.ts";
import { askPage } from "./ask-page.ts";
import { accountOf, announce, forgetAccounts, identify, knownAccount, topLevelPages } from "./page-accounts.ts";
import { singleFlight } from "./single-flight.ts";

/** A request that needs a token: who made it, and which resource it belongs to. */
export interface TokenDemand {
  readonly clientId: string;
  readonly request: Request;
  readonly match: ResourceMatch;
}

/** An access token in memory. Times are in milliseconds since the epoch. */
interface MemoryToken {
  readonly accessToken: string;
  /** From here on it is not sent any more: it might end on its way. */
  readonly endsAt: number;
  /** From here on its successor is fetched while it is still in use. */
  renewAt: number;
}

/** How long before its end a token is renewed at the earliest, and how long a renewal that failed is left alone. */
const RENEWAL = 300_000;
const RENEWAL_PAUSE = 30_000;
/** A page that does not acknowledge within this many milliseconds is passed over for the next. */
const ACKNOWLEDGE_WITHIN = 1_000;
/** How often a request starts over because accounts changed while it waited. */
const ATTEMPTS = 3;

/**
 * Tokens by account and scopes, here and nowhere else: a worker that was stopped has none and asks the page again.
 * Replaced as a whole when an account changes, so that nothing asked before is remembered after.
 */
let memory = new Map<string, MemoryToken>();
const flights = new Map<string, Promise<Answer | null>>();

/**
 * A token that can be attached without asking anybody.
 *
 * @param whenDue hears of the acquisition of its successor, if that is due
 */
export function tokenAtHand(demand: TokenDemand, whenDue: (renewal: Promise<unknown>) => void): string | undefined {
  const account = knownAccount(demand.clientId);
  const token = account === undefined ? undefined : memory.get(keyOf(account, demand));
  const now = Date.now();
  if (account === undefined || !token || !(now < token.endsAt)) return undefined;
  if (now >= token.renewAt) {
    token.renewAt = now + RENEWAL_PAUSE;
    whenDue(acquire(account, demand, "renewal", null));
  }
  return token.accessToken;
}

/**
 * Asks a page.
 *
 * @param challenge the `WWW-Authenticate` field that refused the last token
 * @returns `null` when no page answers
 */
export async function acquireToken(demand: TokenDemand, challenge: string | null): Promise<Answer | null> {
  for (let attempts = ATTEMPTS; attempts > 0; attempts--) {
    const before = memory;
    const account = await accountOf(demand.clientId);
    if (account === null) return { type: "bare" };
    const answer = await acquire(account, demand, "request", challenge);
    if (memory === before && answer?.type !== "identity") return answer;
  }
  return null;
}

/** Forgets every token and account. Requests that wait start over. */
export function forget(): void {
  memory = new Map();
  forgetAccounts();
}

const keyOf = (account: string, { match }: TokenDemand): string => `${account} ${match.scopes.join(" ")}`;

/** Requests of one account for the same scopes share a question, whatever page they come from. */
const acquire: typeof askPages = (account, demand, purpose, challenge) =>
  singleFlight(flights, [purpose, challenge, keyOf(account, demand)].join(), () =>
    askPages(account, demand, purpose, challenge),
  );

async function askPages(
  account: string,
  demand: TokenDemand,
  purpose: AcquireQuestion["purpose"],
  challenge: string | null,
): Promise<Answer | null> {
  const remember = memory;
  const { url, method } = demand.request;
  for (const page of await topLevelPages(demand.clientId)) {
    if ((await identify(page)) !== account) continue;
    const answer = await askPage(
      page,
      { type: "acquire", account, url, method, purpose, challenge },
      ACKNOWLEDGE_WITHIN,
    );
    if (answer?.type === "identity") announce(page.id, answer);
    if (answer?.type === "token") remember.set(keyOf(answer.account, demand), toMemory(answer));
    if (answer) return answer;
  }
  return null;
}

function toMemory({ accessToken, expiresOn, refreshOn }: TokenAnswer): MemoryToken {
  const lifetime = expiresOn - Date.now();
  return {
    accessToken,
    endsAt: expiresOn - Math.min(10_000, lifetime * 0.1),
    renewAt: refreshOn ?? expiresOn - Math.min(RENEWAL, lifetime * 0.2),
  };
}
