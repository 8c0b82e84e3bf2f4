import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { AccessToken, TokenRequest, TokenSource } from "../token-source.ts";
import { askUser } from "./ask-user.ts";
import type { InteractionEvent, Need, UnderWay } from "./coordinator-state.ts";
import type { Environment } from "./environment.ts";
import type { InteractionFunction } from "./interaction-request.ts";
import { whenVisible } from "./visibility.ts";
import { whenAborted } from "./aborted.ts";

export interface StepDependencies {
  readonly source: TokenSource;
  readonly ask: InteractionFunction;
  /** The name of the app's lock. */
  readonly lock: string;
  readonly clock: Clock;
  readonly environment: Environment;
  /** Called with the lock, which is held until this resolves. */
  readonly granted: (claiming: UnderWay) => Promise<void>;
  /** Called when the user does not see this page: another tab may ask for it. */
  readonly needsOtherTab: (need: Need) => void;
}

/** How long the identity library may take without the user, in milliseconds. */
const SILENT_WITHIN = 30_000;

/**
 * Does the work of one state.
 *
 * @param over aborts when the state has ended
 * @returns the event that ends the state; `null` when the state has ended already
 */
export type TakeStep = (state: UnderWay, over: AbortSignal) => Promise<InteractionEvent | null>;

export function createSteps({
  source,
  ask,
  lock,
  clock,
  environment: { visibility, locks },
  granted,
  needsOtherTab,
}: StepDependencies): TakeStep {
  const claim = async (claiming: UnderWay): Promise<InteractionEvent | null> => {
    if (!visibility.isVisible()) return { type: "taken" };
    const wasFree = await locks.tryHold(lock, () => granted(claiming));
    return wasFree ? null : { type: "taken" };
  };

  const yieldToOthers = async (need: Need, over: AbortSignal): Promise<InteractionEvent> => {
    if (!visibility.isVisible()) needsOtherTab(need);
    await whenVisible(visibility, over);
    await locks.whenFree(lock, over);
    return { type: "free" };
  };

  const retry = async ({ request }: Need, over: AbortSignal): Promise<InteractionEvent | null> => {
    const timeout = (): Error =>
      new BearerWorkerError(
        "silent_timeout",
        `The identity library did not give a token within ${SILENT_WITHIN / 1_000} seconds. The next request asks again.`,
      );
    try {
      const acquiring = Promise.race([source.acquireSilent(request), whenAborted(over)]);
      const token = await within(clock, SILENT_WITHIN, acquiring, timeout);
      return token ? { type: "acquired", token } : null;
    } catch (error) {
      const needsUser = error instanceof BearerWorkerError && error.code === "interaction_required";
      return needsUser ? { type: "required" } : { type: "unavailable", error };
    }
  };

  const question = ({ request, resource, trouble }: Need, over: AbortSignal): Promise<InteractionEvent> =>
    askUser(
      {
        ask,
        resource,
        scopes: request.scopes,
        trouble,
        acquire: (by, closed) => acquireInteractive(source, request, by, closed),
      },
      over,
      visibility,
      clock,
    );

  const take: TakeStep = async (state, over) => {
    if (state.type === "asking") return await question(state.need, over);
    switch (state.step) {
      case "claim":
        return await claim(state);
      case "yield":
        return await yieldToOthers(state.need, over);
      case "retry":
        return await retry(state.need, over);
      default:
        return state.step satisfies never;
    }
  };

  return (state, over) =>
    take(state, over).catch((cause: unknown) => ({
      type: "failed",
      error: interactionError(cause),
      at: clock.elapsed(),
    }));
}

/** @throws BearerWorkerError `redirecting` once the page is leaving */
async function acquireInteractive(
  source: TokenSource,
  request: TokenRequest,
  by: "popup" | "redirect",
  over: AbortSignal,
): Promise<AccessToken> {
  const settled = new AbortController();
  try {
    const token = await source.acquireInteractive(request, by, AbortSignal.any([over, settled.signal]));
    if (token) return token;
    throw new BearerWorkerError(
      "redirecting",
      "The page is leaving for the identity provider, so the request ends. Make it again after the user has come back.",
    );
  } catch (cause) {
    throw interactionError(cause);
  } finally {
    settled.abort();
  }
}

const interactionError = (cause: unknown): BearerWorkerError =>
  cause instanceof BearerWorkerError
    ? cause
    : new BearerWorkerError(
        "interaction_failed",
        "Signing the user in failed. See `cause` for the reason; `signIn()` of the attachment tries again.",
        { cause },
      );
