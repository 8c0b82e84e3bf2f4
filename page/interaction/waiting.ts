import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { TokenSource } from "../token-source.ts";
import { whenAborted } from "./aborted.ts";
import type { InteractionEvent, Need, WaitingState } from "./coordinator-state.ts";
import type { Environment } from "./environment.ts";
import { needsConsent } from "./needs-consent.ts";
import { whenVisible } from "./visibility.ts";

export interface WaitingParts {
  readonly source: TokenSource;
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
 * Does the work of a page that does not ask the user now.
 *
 * @param over aborts when the state has ended
 * @returns the event that ends the state; `null` when the state has ended already
 */
export async function waitForOthers(
  { step, need }: WaitingState,
  over: AbortSignal,
  parts: WaitingParts,
): Promise<InteractionEvent | null> {
  switch (step) {
    case "yield":
      return await yieldToOthers(need, over, parts);
    case "retry":
      return await retry(need, over, parts);
    default:
      return step satisfies never;
  }
}

async function yieldToOthers(
  need: Need,
  over: AbortSignal,
  { lock, environment: { visibility, locks }, needsOtherTab }: WaitingParts,
): Promise<InteractionEvent> {
  if (!visibility.isVisible()) needsOtherTab(need);
  await whenVisible(visibility, over);
  await locks.request(lock, { signal: over }, () => undefined);
  return { type: "free" };
}

async function retry(
  { request }: Need,
  over: AbortSignal,
  { source, clock }: WaitingParts,
): Promise<InteractionEvent | null> {
  try {
    const acquiring = Promise.race([source.acquireSilent(request), whenAborted(over)]);
    const token = await within(clock, SILENT_WITHIN, acquiring, silentTimeout);
    return token ? { type: "acquired", token } : null;
  } catch (error) {
    const needsUser = error instanceof BearerWorkerError && error.code === "interaction_required";
    return needsUser ? { type: "required", consent: needsConsent(error) } : { type: "unavailable", error };
  }
}

const silentTimeout = (): BearerWorkerError =>
  new BearerWorkerError(
    "silent_timeout",
    `The identity library did not give a token within ${SILENT_WITHIN / 1_000} seconds. The next request asks again.`,
  );
