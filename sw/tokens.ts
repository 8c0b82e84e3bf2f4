import type { AcquireQuestion, Answer, ObservedRequest, TokenAnswer } from "../protocol/messages.ts";
import { tokenKey } from "../protocol/token-key.ts";
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
  /** Where its token came from is noted here. */
  readonly course: Pick<ObservedRequest, "token">;
}

/** An access token in memory. */
interface MemoryToken extends Pick<TokenAnswer, "accessToken" | "endsAt"> {
  renewAt: number;
}

/** How long a renewal that failed is left alone. */
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
 * Tokens by account, scopes and the server that they go to, here and nowhere else: a worker that was stopped has none and
 * asks the page again. By server, since a page has to say of each that this account's tokens go there: this worker's own
 * map does not suffice, since a script that ran in the page for a moment could have registered the worker with any map.
 * Replaced as a whole when an account changes, so that nothing asked before is remembered after.
 */
let memory = new Map<string, MemoryToken>();

/**
 * A token for a request, from memory where one is at hand, else from a page of the same account.
 *
 * @param challenge the `WWW-Authenticate` field with which the resource server refused a token
 * @param refused that token: another one that has come meanwhile will do
 * @returns empty where the request goes out as the page made it, `null` when no token can be had now
 */
export async function acquireToken(
  demand: TokenDemand,
  challenge: string | null = null,
  refused?: string,
): Promise<string | null> {
  for (let attempts = ATTEMPTS; attempts--;) {
    const before = memory;
    const account = await accountOf(demand.clientId, asking("", demand, "request", null));
    if (account == null) return account === null ? "" : null;

    const token = memory.get(keyOf(account, demand));
    const now = Date.now();
    if (token && token.accessToken !== refused && now < token.endsAt) {
      if (now >= token.renewAt) {
        token.renewAt = now + RENEWAL_PAUSE;
        demand.event.waitUntil(ask(account, demand, "renewal", null));
      }
      if (demand.course.token === "none") demand.course.token = "memory";
      return token.accessToken;
    }
    const answer = await ask(account, demand, "request", challenge);
    if (memory !== before || answer?.type === "identity") continue;
    if (answer?.type !== "token") return answer?.type === "bare" ? "" : null;
    demand.course.token = "page";
    return answer.accessToken;
  }
  return null;
}

/** Forgets every token and account. Requests that wait start over. */
export function forget(): void {
  memory = new Map();
  forgetAccounts();
}

const keyOf = (account: string, { match }: TokenDemand): string =>
  `${match.server} ${tokenKey(account, match)}`;

/**
 * Requests of one account for the same scopes and server share a question, whatever page they come from. Where no page has
 * acknowledged it, each client is on its own: the page that answers may have come meanwhile.
 */
async function ask(
  account: string,
  demand: TokenDemand,
  purpose: AcquireQuestion["purpose"],
  challenge: string | null,
): Promise<Answer | null> {
  const { clientId } = demand;
  const acquire = asking(account, demand, purpose, challenge);
  let flight = [purpose, challenge, keyOf(account, demand)].join();
  let answer: Answer | null = null;
  for (const [others, own] of ACKNOWLEDGE_WITHIN) {
    answer ??= await singleFlight(flight, async () => {
      for (const page of await topLevelPages(clientId)) {
        if ((await identify(page)) !== account) continue;
        const answer = await acquire(page, page.id === clientId ? own : others);
        if (answer?.type === "identity") announce(page.id, answer);
        if (answer) return answer;
      }
      return null;
    });
    flight += own + clientId;
  }
  return answer;
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
    const answer = await askPage(
      page,
      {
        type: "acquire",
        account,
        url: request.url,
        method: request.method,
        scopes: match.scopes.join(" "),
        purpose,
        challenge,
      },
      patience,
    );
    if (answer?.type === "token") {
      const key = keyOf(answer.account, demand);
      // Of what two pages give again, the second may be no newer: when one is refused, the other is no successor.
      if (account || !before.has(key)) before.set(key, answer);
      demand.course.token = "page";
    }
    return answer;
  };
}
