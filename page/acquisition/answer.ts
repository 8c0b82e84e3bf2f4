import type { Clock } from "../../pipeline/clock.ts";
import { SingleFlight } from "../../pipeline/single-flight.ts";
import { tokenKey } from "../../pipeline/token-key.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type {
  Answer,
  GivenToken,
  IdentityAnswer,
  UnansweredRequest,
  Waiting,
} from "../../protocol/answers.ts";
import { type PageAccount, isSameAccount } from "../../protocol/page-account.ts";
import type { AcquireQuestion, ProveQuestion, Refusal, WantedToken } from "../../protocol/questions.ts";
import { areSameHeaders } from "../../protocol/entry-headers.ts";
import type { ResourceMatch, ResourceMatcher } from "../../protocol/resource-matcher.ts";
import { parseUrl } from "../../protocol/url.ts";
import { lazily } from "../lazily.ts";
import type { AttachmentEvents } from "../attachment-events.ts";
import type { Challenge, TokenSource } from "../token-source.ts";
import type { AccountState } from "./account-state.ts";
import type { Acquisition } from "./acquisition.ts";
import { SILENT_WITHIN } from "./backoff.ts";
import type { HeldTokens } from "./held-tokens.ts";
import type { Recovery } from "./recovery.ts";
import { checkTokenType } from "./token-type.ts";

/** The parts that answers are made of. */
export interface AnswerParts {
  readonly source: TokenSource;
  readonly match: ResourceMatcher;
  readonly account: AccountState;
  readonly held: HeldTokens;
  readonly acquisition: Acquisition;
  readonly recovery: () => Promise<Recovery>;
  readonly events: AttachmentEvents;
  readonly clock: Clock;
  /** The page's map, as workers are told it. */
  readonly map: string;
  /** Whether navigations get a token. */
  readonly navigations: boolean;
  /** The document's URL, against which relative URLs count. */
  readonly base: () => string;
}

/** Answers questions for tokens. This page's own map decides: a worker with another map gets nothing. */
export class Answers {
  readonly #parts: AnswerParts;
  /** The parser of challenges. Most page loads never need it. */
  readonly #challenges = lazily(() => import("./challenge.ts"));
  /** Signing in the page. Pages without DPoP, and sources that hand out their key, never need it. */
  readonly #provers = lazily(() => import("./prove.ts"));
  readonly #renewals = new SingleFlight();

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /** Whose page this is, with the wanted token if it is at hand. */
  identity(wanted: WantedToken | null, unanswered: readonly UnansweredRequest[]): IdentityAnswer {
    const { map, events } = this.#parts;
    const account = this.#parts.account.current();
    const token = wanted && this.#atHand(wanted, account);
    return { type: "identity", account, map, observing: events.observing, unanswered, token };
  }

  /** @param say tells the worker meanwhile how long it may take */
  async token(question: AcquireQuestion, say: (waiting: Waiting) => void): Promise<Answer> {
    const { account, held, acquisition, recovery } = this.#parts;
    const resource = this.#resourceOf(question.wanted);
    if (!resource) return BARE;
    const { refusal } = question;
    const challenge = refusal ? await this.#demandsOf(refusal, resource) : {};
    if (!challenge) return BARE;
    const asked = question.account;
    if (!isSameAccount(asked, account.current())) return this.identity(null, []);
    try {
      const { token, isAtHand } = await acquisition.acquire(question, resource, challenge, say);
      const { perResource = false } = this.#parts.source;
      const isOther = asked.type === "account" && token.account !== asked.id;
      // MSAL takes a while to name the account. It cannot have changed if no time has passed.
      if (!isAtHand && (isOther || token.account !== account.look())) {
        // The page has switched accounts meanwhile, or else the user picked another account at the provider.
        if (!isSameAccount(asked, account.current())) return this.identity(null, []);
        throw otherAccount();
      }
      return {
        type: "token",
        account: { type: "account", id: token.account, perResource },
        token: held.given(token),
      };
    } catch (error) {
      // The user has signed in or out meanwhile, or has switched accounts.
      if (!account.isCurrent(asked)) return this.identity(null, []);
      const isAwaited = question.purpose === "request";
      const isVisitor = asked.type === "signed-out";
      // Without a network the recovery itself may fail to load.
      return await recovery().then(
        ({ giveUp }) => giveUp(error, resource, isVisitor, isAwaited),
        () => ({ type: "unavailable" }) as const,
      );
    }
  }

  /** Signs for one request, where the page has the key. */
  async proof(question: ProveQuestion): Promise<Answer> {
    const { account } = this.#parts;
    const resource = this.#resourceOf(question.wanted);
    const asked = question.account;
    if (!resource || asked.type !== "account") return BARE;
    if (!isSameAccount(asked, account.current())) return this.identity(null, []);
    const answer = await this.#provers().then(
      ({ prove }) =>
        prove(question, asked, resource, { ...this.#parts, signWithin: SILENT_WITHIN, checkTokenType }),
      () => UNAVAILABLE,
    );
    const isOther = (id: string): boolean => id !== asked.id || id !== account.look();
    return answer.type === "token" && isOther(answer.account.id) ? this.identity(null, []) : answer;
  }

  /**
   * Acquires a new token for a resource whose server refused the last one without a challenge that a browser lets us read.
   *
   * @param claims the server's demands: JSON of a claims request
   * @returns whether there is a new token. There is none while one that came less than a minute ago is refused like the last.
   */
  async renew(wanted: Pick<WantedToken, "url" | "method">, claims: string | undefined): Promise<boolean> {
    const { account: state, held, match, base, clock } = this.#parts;
    const account = state.current();
    const parsed = parseUrl(wanted.url, base());
    const resource = parsed && match(parsed, wanted.method);
    if (!resource || account.type !== "account") return false;
    const accessToken = held.usable(account, resource)?.token.accessToken ?? "";
    const { scopes, headers, tokenType } = resource;
    const challenge = challengeFor(claims, tokenType);
    const refusal = { challenge, accessToken, account: account.id, sentAt: clock.now() };
    if (held.isAnswered(account, resource, refusal)) return false;
    const question = {
      ...wanted,
      url: parsed.href,
      scopes,
      headers,
      isNavigation: false,
      ...(tokenType && { tokenType }),
    };
    const flight = JSON.stringify([tokenKey(account, resource), challenge, accessToken]);
    const answer = await this.#renewals.share(flight, () =>
      this.token(
        { type: "acquire", account, wanted: question, purpose: "request", refusal },
        () => undefined,
      ),
    );
    return answer.type === "token";
  }

  /** `null` when a new token would not help, or the parser cannot be loaded. */
  async #demandsOf({ challenge }: Refusal, { tokenType }: ResourceMatch): Promise<Challenge | null> {
    return await this.#challenges().then(
      ({ readChallenge }) => readChallenge(challenge, tokenType),
      () => null,
    );
  }

  #atHand(wanted: WantedToken, account: PageAccount): GivenToken | null {
    const { acquisition, held } = this.#parts;
    const resource = this.#resourceOf(wanted);
    if (!resource || account.type !== "account") return null;
    const token = acquisition.giveAtHand(account, resource);
    return token && held.given(token);
  }

  #resourceOf(wanted: WantedToken): ResourceMatch | null {
    if (wanted.isNavigation && !this.#parts.navigations) return null;
    const parsed = parseUrl(wanted.url, this.#parts.base());
    const resource = parsed && this.#parts.match(parsed, wanted.method);
    const isSame =
      resource?.scopes.join(" ") === wanted.scopes.join(" ") &&
      resource.tokenType === wanted.tokenType &&
      areSameHeaders(resource.headers, wanted.headers);
    return isSame ? resource : null;
  }
}

const BARE: Answer = { type: "bare" };
const UNAVAILABLE: Answer = { type: "unavailable" };

/** The challenge that a resource server should have sent. */
function challengeFor(claims: string | undefined, scheme: string = "Bearer"): string {
  if (claims === undefined) return `${scheme} error="invalid_token"`;
  const bytes = String.fromCharCode(...new TextEncoder().encode(claims));
  return `${scheme} error="insufficient_claims", claims="${btoa(bytes)}"`;
}

const otherAccount = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_failed",
    "The identity provider gave a token of another account than the one that this page uses. Make the other account the active one, or sign in with this one.",
  );
