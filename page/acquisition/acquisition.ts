import { type Clock, within } from "../../pipeline/clock.ts";
import { tokenKey } from "../../pipeline/token-key.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { Waiting } from "../../protocol/answers.ts";
import type { SignedIn } from "../../protocol/page-account.ts";
import type { AcquireQuestion } from "../../protocol/questions.ts";
import type { ResourceMatch } from "../../protocol/resource-matcher.ts";
import type { AttachmentEvents, TokenAcquired } from "../attachment-events.ts";
import type { AccessToken, Challenge, TokenRequest, TokenSource } from "../token-source.ts";
import type { AccountState } from "./account-state.ts";
import type { Backoff } from "./backoff.ts";
import type { HeldTokens } from "./held-tokens.ts";
import type { Recovery } from "./recovery.ts";
import { checkTokenType } from "./token-type.ts";

/** How many milliseconds the worker may wait for an answer that does not need the user: a pause may come before. */
export const ANSWER_WITHIN = 45_000;

/** The parts that an acquisition works with. */
export interface AcquisitionParts {
  readonly source: TokenSource;
  readonly account: AccountState;
  readonly held: HeldTokens;
  readonly backoff: Backoff;
  readonly recovery: () => Promise<Recovery>;
  readonly events: AttachmentEvents;
  readonly clock: Clock;
  /** Milliseconds that the user may take. */
  readonly interactionTimeout: number;
}

/** A token, and how it came. */
export interface Acquired {
  readonly token: AccessToken;
  /** Whether the page had it already, so that no time has passed. */
  readonly isAtHand: boolean;
}

/** Acquires tokens: those at hand, else silently, else with the user. */
export class Acquisition {
  /** The last token for each set of scopes, by the scopes with spaces between them. */
  readonly tokens = new Map<string, TokenAcquired>();
  readonly #parts: AcquisitionParts;

  constructor(parts: AcquisitionParts) {
    this.#parts = parts;
  }

  /** Forgets the tokens that were given: the account has changed. */
  forget(): void {
    this.#parts.held.clear();
    this.tokens.clear();
  }

  /** Gives the token that can be sent, if one is at hand. */
  giveAtHand(account: SignedIn, resource: ResourceMatch): AccessToken | null {
    const held = this.#parts.held.usable(account, resource);
    if (held) this.#report(held.token, resource, { fromCache: true, interactive: false, duration: 0 });
    return held?.token ?? null;
  }

  /**
   * Acquires the token that a question asks for.
   *
   * @param challenge the demands of the refusal, if there was one
   * @param say tells the worker how long it may take
   * @throws BearerWorkerError, or the identity library's own error
   */
  async acquire(
    question: AcquireQuestion,
    resource: ResourceMatch,
    challenge: Challenge,
    say: (waiting: Waiting) => void,
  ): Promise<Acquired> {
    const atHand = this.#atHand(question, resource);
    if (atHand) return { token: atHand, isAtHand: true };
    const { account, clock, held, source } = this.#parts;
    const startedAt = clock.elapsed();
    const hold = held.place();
    const { token, interactive } = await this.#fromSource(question, resource, challenge, say);
    checkTokenType(token, resource);
    const owner: SignedIn = {
      type: "account",
      id: token.account,
      perResource: source.perResource ?? false,
    };
    hold(owner, resource, token, question.refusal?.challenge ?? null);
    const duration = clock.elapsed() - startedAt;
    // The account may have changed meanwhile. A token of another account than the page's is no news of the page's tokens.
    if (account.look() === token.account)
      this.#report(token, resource, { fromCache: token.fromCache === true, interactive, duration });
    return { token, isAtHand: false };
  }

  #report(
    { expiresOn, correlationId }: AccessToken,
    { key, scopes, tokenType }: ResourceMatch,
    course: Pick<TokenAcquired, "fromCache" | "interactive" | "duration">,
  ): void {
    const detail: TokenAcquired = {
      resource: key,
      scopes,
      ...course,
      expiresOn: expiresOn.getTime(),
      ...(tokenType && { tokenType }),
      correlationId: correlationId || null,
    };
    this.tokens.set(scopes.join(" "), detail);
    this.#parts.events.emit("tokenacquired", detail);
  }

  #atHand({ account, purpose, refusal }: AcquireQuestion, resource: ResourceMatch): AccessToken | null {
    if (account.type !== "account" || purpose === "renewal") return null;
    if (!refusal) return this.giveAtHand(account, resource);
    const successor = this.#parts.held.successor(account, resource, refusal);
    return successor && this.giveAtHand(account, resource);
  }

  async #fromSource(
    { account, wanted, purpose, refusal }: AcquireQuestion,
    resource: ResourceMatch,
    challenge: Challenge,
    say: (waiting: Waiting) => void,
  ): Promise<{ readonly token: AccessToken; readonly interactive: boolean }> {
    const { source, held, backoff, recovery, clock, interactionTimeout } = this.#parts;
    const { url, method } = wanted;
    const request: TokenRequest = {
      scopes: [...resource.scopes].sort(),
      url,
      method,
      tokenType: resource.tokenType,
      forceRefresh: purpose === "renewal" || refusal !== null,
      challenge,
      unanswered: 0,
    };
    const owner = account.type === "account" ? tokenKey(account, resource) : resource.scopes.join(" ");
    const silently = (): Promise<AccessToken> =>
      backoff.run(JSON.stringify([owner, refusal?.challenge ?? null]), (unanswered) =>
        source.acquireSilent({ ...request, unanswered }),
      );
    const { key, scopes } = resource;
    if (purpose === "request") this.#parts.events.emit("tokenrequested", { resource: key, scopes });
    try {
      return { token: await silently(), interactive: false };
    } catch (error) {
      const isAnswered =
        account.type === "account" && refusal !== null && held.isAnswered(account, resource, refusal);
      if (isAnswered || !this.#mayInteract(account.type, purpose)) throw error;
      const { recover } = await recovery();
      const inTime = (acting: Promise<AccessToken | null>): Promise<AccessToken | null> => {
        say({ type: "waiting", milliseconds: interactionTimeout + ANSWER_WITHIN });
        return within(clock, interactionTimeout, acting, interactionTimedOut);
      };
      const isCurrent = (): boolean => this.#parts.account.isCurrent(account);
      const token = await recover({ error, request, resource, isCurrent, retry: silently, inTime });
      return { token, interactive: true };
    }
  }

  #mayInteract(account: "account" | "signed-out", purpose: AcquireQuestion["purpose"]): boolean {
    const { account: state } = this.#parts;
    if (account === "signed-out" && !state.mayAskVisitors) {
      state.endSso();
      return false;
    }
    return purpose === "request";
  }
}

const interactionTimedOut = (): BearerWorkerError =>
  new BearerWorkerError(
    "interaction_timeout",
    'The user did not act in time. The option "interactionTimeout" sets how long a request waits.',
  );
