import {
  type AcquireQuestion,
  type Answer,
  type ObservedRequest,
  type TokenAnswer,
  tokenKey,
} from "../protocol/messages.ts";
import { type AskPage, askPage } from "./ask-page.ts";
import { accountOf, announce, BUSY, forgetAccounts, identify, topLevelPages } from "./page-accounts.ts";
import type { RequestMatch } from "./request-matcher.ts";
import { singleFlight } from "./single-flight.ts";

/** A request that needs a token, and the resource that it belongs to. */
export interface TokenDemand {
  /** Lasts as long as the request. */
  readonly event: ExtendableEvent;
  /** Who made it: empty for a navigation. */
  readonly clientId: string;
  readonly request: Request;
  readonly match: RequestMatch;
  /** Whether a page has answered it with a token. */
  isAnswered?: boolean;
}

/** A token and where it came from. Without one the request goes out as the page made it. */
export interface AcquiredToken {
  readonly from: ObservedRequest["token"];
  readonly accessToken?: string;
}

/** An access token in memory. Times are in milliseconds since the epoch. */
interface MemoryToken {
  readonly accessToken: string;
  /** From here on it is not sent any more: it might end on its way. */
  readonly endsAt: number;
  /** From here on its successor is fetched while it is still in use. */
  renewAt: number;
  /** The challenge that it answers, and until when another one like it is final. */
  readonly challenge: string | null;
  readonly finalUntil: number;
}

/** For how long a new token that is refused like the last one shows that no token will do. */
const FINAL = 60_000;
/** How long before its end a token is not sent any more. MSAL rounds the end to seconds, and it takes a while to arrive. */
const ENDING = 10_000;
/** How long before its end a token is renewed at the earliest, and how long a renewal that failed is left alone. */
const RENEWAL = 300_000;
const RENEWAL_PAUSE = 30_000;
/**
 * A page that does not acknowledge within this many milliseconds is passed over for the next. Where none does, they are
 * asked once more, since a page can be busy for a while: the second number is for the one that made the request, and hears
 * of its failure no sooner than it can answer.
 */
const ACKNOWLEDGE_WITHIN = [
  [1_000, 1_000],
  [9_000, BUSY],
] as const;
/** How often a request starts over because accounts changed while it waited. */
const ATTEMPTS = 3;

/**
 * Tokens by account and scopes, here and nowhere else: a worker that was stopped has none and asks the page again. A
 * second key, with an origin behind the first, says that a page sends this account's tokens there: this worker's own map
 * does not suffice, since a script that ran in the page for a moment could have registered the worker with any map.
 * Replaced as a whole when an account changes, so that nothing asked before is remembered after.
 */
let memory = new Map<string, MemoryToken>();

/**
 * A token for a request, from memory where one is at hand, else from a page of the same account.
 *
 * @param challenge the `WWW-Authenticate` field with which the resource server refused a token
 * @param refused that token: another one that has come meanwhile will do
 * @returns `null` when none can be had now
 */
export async function acquireToken(
  demand: TokenDemand,
  challenge: string | null = null,
  refused?: string,
): Promise<AcquiredToken | null> {
  for (let attempts = ATTEMPTS; attempts--;) {
    const before = memory;
    const account = await accountOf(demand, asking("", demand, "request", null));
    if (account === null) return NONE;

    const key = keyOf(account, demand);
    const token = memory.has(`${key} ${demand.match.server}`) ? memory.get(key) : undefined;
    const now = Date.now();
    if (token && token.accessToken !== refused && now < token.endsAt) {
      if (now >= token.renewAt) {
        token.renewAt = now + RENEWAL_PAUSE;
        demand.event.waitUntil(ask(account, demand, "renewal", null));
      }
      return { from: demand.isAnswered ? "page" : "memory", accessToken: token.accessToken };
    }
    if (token && challenge && token.challenge === challenge && now < token.finalUntil) return NONE;
    const answer = await ask(account, demand, "request", challenge);
    if (memory !== before || answer?.type === "identity") continue;
    if (answer?.type === "token") return { from: "page", accessToken: answer.accessToken };
    return answer?.type === "bare" ? NONE : null;
  }
  return null;
}

const NONE: AcquiredToken = { from: "none" };

/** Forgets every token and account. Requests that wait start over. */
export function forget(): void {
  memory = new Map();
  forgetAccounts();
}

const keyOf = (account: string, { match }: TokenDemand): string => tokenKey(account, match);

/** Requests of one account for the same scopes and server share a question, whatever page they come from. */
const ask: typeof askPages = (account, demand, purpose, challenge) =>
  singleFlight([purpose, challenge, demand.match.server, keyOf(account, demand)].join(), () =>
    askPages(account, demand, purpose, challenge),
  );

async function askPages(
  account: string,
  demand: TokenDemand,
  purpose: AcquireQuestion["purpose"],
  challenge: string | null,
): Promise<Answer | null> {
  const ask = asking(account, demand, purpose, challenge);
  for (const [others, own] of ACKNOWLEDGE_WITHIN) {
    for (const page of await topLevelPages(demand.clientId)) {
      if ((await identify(page)) !== account) continue;
      const answer = await ask(page, page.id === demand.clientId ? own : others);
      if (answer?.type === "identity") announce(page.id, answer);
      if (answer) return answer;
    }
  }
  return null;
}

/** A question for a token; what a page answers is remembered, unless accounts change meanwhile. */
function asking(
  account: string,
  demand: TokenDemand,
  purpose: AcquireQuestion["purpose"],
  challenge: string | null,
): AskPage {
  const before = memory;
  return async (page, patience) => {
    const { request, match } = demand;
    const { url, method } = request;
    const scopes = match.scopes.join(" ");
    const answer = await askPage(
      page,
      { type: "acquire", account, url, method, scopes, purpose, challenge },
      patience,
    );
    if (answer?.type === "token") {
      const key = keyOf(answer.account, demand);
      const token = toMemory(answer, challenge);
      before.set(key, token).set(`${key} ${match.server}`, token);
      demand.isAnswered = true;
    }
    return answer;
  };
}

function toMemory({ accessToken, expiresOn, refreshOn }: TokenAnswer, challenge: string | null): MemoryToken {
  const now = Date.now();
  const lifetime = expiresOn - now;
  return {
    accessToken,
    challenge,
    finalUntil: now + FINAL,
    endsAt: expiresOn - Math.min(ENDING, lifetime * 0.3),
    renewAt: refreshOn ?? expiresOn - Math.min(RENEWAL, lifetime * 0.5),
  };
}
