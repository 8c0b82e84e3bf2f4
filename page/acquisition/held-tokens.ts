import type { Clock } from "../../pipeline/clock.ts";
import { tokenKey } from "../../pipeline/token-key.ts";
import { BoundedMap } from "../../protocol/bounded-map.ts";
import type { GivenToken } from "../../protocol/answers.ts";
import type { SignedIn } from "../../protocol/page-account.ts";
import type { Refusal } from "../../protocol/questions.ts";
import type { ResourceMatch } from "../../protocol/resource-matcher.ts";
import type { AccessToken } from "../token-source.ts";

/** How many tokens are held. */
const TOKENS_HELD = 200;
/** A token that lives longer than this many milliseconds can be sent. */
const ENOUGH = 10_000;
/** For how many milliseconds neither the user nor the site answers the same challenge again. */
const ANSWERED_FOR = 60_000;
/** How many milliseconds before its end a token is not sent any more. MSAL rounds the end to seconds, and requests take a while. */
const ENDING = 10_000;
/** How many milliseconds before its end a token is renewed at the earliest. */
const RENEWAL = 300_000;

/** A token that this page has given to the worker. */
export interface HeldToken {
  readonly token: AccessToken;
  /** The challenge that it answers; `null` if it was acquired without one. */
  readonly answers: string | null;
  /** By `Clock.elapsed`. */
  readonly acquiredAt: number;
}

/**
 * The last token for each account and scopes. MSAL takes a token with five minutes left for expired. A request need not wait
 * for its successor.
 */
export class HeldTokens {
  #tokens = new BoundedMap<string, HeldToken>(TOKENS_HELD);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Forgets all tokens: the account has changed. Tokens whose acquisition began before are not held. */
  clear(): void {
    this.#tokens = new BoundedMap(TOKENS_HELD);
  }

  /** Lets go of a token that its library cannot use any more. */
  drop(account: SignedIn, resource: ResourceMatch): void {
    this.#tokens.delete(tokenKey(account, resource));
  }

  /** The token that can be sent, if one is at hand. */
  usable(account: SignedIn, resource: ResourceMatch): HeldToken | null {
    const held = this.#tokens.get(tokenKey(account, resource));
    return held && held.token.expiresOn.getTime() > this.#clock.now() + ENOUGH ? held : null;
  }

  /**
   * A token that was acquired in answer to the very challenge with which another token was refused, if one is at hand. The
   * resource server may have refused a token from before the request, too.
   */
  successor(account: SignedIn, resource: ResourceMatch, refusal: Refusal): HeldToken | null {
    const held = this.usable(account, resource);
    if (!held || held.answers !== refusal.challenge || held.token.accessToken === refusal.accessToken)
      return null;
    const age = this.#clock.elapsed() - held.acquiredAt;
    return age <= this.#clock.now() - refusal.sentAt ? held : null;
  }

  /** Whether the refused token was itself acquired, less than a minute ago, in answer to this challenge. */
  isAnswered(account: SignedIn, resource: ResourceMatch, refusal: Refusal): boolean {
    const held = this.#tokens.get(tokenKey(account, resource));
    return (
      held?.token.accessToken === refusal.accessToken &&
      held.answers === refusal.challenge &&
      this.#clock.elapsed() < held.acquiredAt + ANSWERED_FOR
    );
  }

  /** Opens a place for tokens that are about to be acquired. It leads nowhere once the account has changed. */
  place(): (account: SignedIn, resource: ResourceMatch, token: AccessToken, answers: string | null) => void {
    const tokens = this.#tokens;
    return (account, resource, token, answers) =>
      tokens.set(tokenKey(account, resource), { token, answers, acquiredAt: this.#clock.elapsed() });
  }

  /** The token as the worker is given it, with the times at which the worker acts. */
  given({ accessToken, expiresOn, refreshOn, signer }: AccessToken): GivenToken {
    const end = expiresOn.getTime();
    const lifetime = end - this.#clock.now();
    return {
      accessToken,
      endsAt: end - Math.min(ENDING, lifetime * 0.3),
      ...(signer && { signer: typeof signer === "function" ? "page" : signer }),
      renewAt: refreshOn?.getTime() ?? end - Math.min(RENEWAL, lifetime * 0.5),
    };
  }
}
