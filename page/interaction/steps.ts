import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { TokenSource } from "../token-source.ts";
import { askUser, interactionError } from "./ask-user.ts";
import type { InteractionEvent, Need, UnderWay } from "./coordinator-state.ts";
import type { Environment } from "./environment.ts";
import type { InteractionFunction } from "./interaction-request.ts";
import { needsConsent } from "./needs-consent.ts";
import { whenVisible } from "./visibility.ts";
import { whenAborted } from "./aborted.ts";

export interface StepDependencies {
  readonly source: TokenSource;
  readonly ask: InteractionFunction;
  /** The name of the app's lock. */
  readonly lock: string;
  readonly clock: Clock;
  readonly environment: Environment;
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
  ask: askFunction,
  lock,
  clock,
  environment: { visibility, locks },
  needsOtherTab,
}: StepDependencies): TakeStep {
  const ask = async (need: Need, over: AbortSignal): Promise<InteractionEvent> => {
    if (!visibility.isVisible()) return { type: "taken" };
    const question = { ...need, ask: askFunction, source };
    const answer = await locks.tryHold(lock, () => askUser(question, over, visibility, clock));
    return answer ?? { type: "taken" };
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
      return needsUser ? { type: "required", consent: needsConsent(error) } : { type: "unavailable", error };
    }
  };

  const take = async (state: UnderWay, over: AbortSignal): Promise<InteractionEvent | null> => {
    if (state.type === "asking") return await ask(state.need, over);
    switch (state.step) {
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
