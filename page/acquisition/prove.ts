import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { Answer } from "../../protocol/answers.ts";
import type { SignedIn } from "../../protocol/page-account.ts";
import type { ProveQuestion } from "../../protocol/questions.ts";
import type { ResourceMatch } from "../../protocol/resource-matcher.ts";
import type { HeldTokens } from "./held-tokens.ts";
import type { Recovery } from "./recovery.ts";
import type { checkTokenType } from "./token-type.ts";

interface Parts {
  readonly held: HeldTokens;
  readonly recovery: () => Promise<Recovery>;
  readonly clock: Clock;
  /** Milliseconds that the identity library may take. */
  readonly signWithin: number;
  /** Loaded with the page, as this part is not. */
  readonly checkTokenType: typeof checkTokenType;
}

/**
 * Lets the identity library sign for one request, with the token at hand.
 *
 * @param account the page's, which the worker has named
 * @returns the token with its proof; `bare` if there is no token at hand, or the user has to act for one
 */
export async function prove(
  { wanted, proof: { method, nonce } }: ProveQuestion,
  account: SignedIn,
  resource: ResourceMatch,
  { held, recovery, clock, signWithin, checkTokenType: check }: Parts,
): Promise<Answer> {
  const token = held.usable(account, resource)?.token;
  const hold = held.place();
  if (!token || typeof token.signer !== "function") return { type: "bare" };
  // A request without CORS may be tried out by HEAD.
  if (method !== wanted.method && method !== "HEAD") return { type: "bare" };
  const { origin, pathname } = new URL(wanted.url);
  try {
    const signing = token.signer({ url: origin + pathname, method, nonce });
    const proven = await within(clock, signWithin, signing, signTimeout);
    check(proven, resource);
    const owner = { ...account, id: proven.account };
    if (proven.accessToken !== token.accessToken) hold(owner, resource, proven, null);
    return { type: "token", account: owner, token: held.given(proven), proof: proven.proof };
  } catch (error) {
    if (error instanceof BearerWorkerError && error.code === "interaction_required") {
      held.drop(account, resource);
      return { type: "bare" };
    }
    await recovery().then(
      ({ giveUp }) => giveUp(error, resource, false, true),
      () => undefined,
    );
    return { type: "unavailable" };
  }
}

const signTimeout = (): BearerWorkerError =>
  new BearerWorkerError(
    "silent_timeout",
    "The identity library did not sign within 30 seconds. The next request asks it again.",
  );
