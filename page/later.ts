import { systemClock } from "../pipeline/clock.ts";
import type { ResourceEntry } from "../protocol/resource-map.ts";
import type { ResourceMatch, ResourceMatcher } from "../protocol/resource-matcher.ts";
import type { Acquisition } from "./acquisition.ts";
import { createFailedAcquisition, type FailedAcquisition } from "./failed-acquisition.ts";
import { replaceFetch } from "./fetch-in-page.ts";
import { createInteraction, type Interaction } from "./interaction/coordinator.ts";
import type { Settings } from "./options.ts";
import { observe } from "./observed-requests.ts";
import { createSilentPace } from "./silent-pace.ts";
import type { TokenAttachment } from "./token-attachment.ts";
import type { TokenSource } from "./token-source.ts";
import { type UnansweredRequests, unansweredRequests } from "./unanswered-requests.ts";
import type { WorkerLink, WorkerListener } from "./worker-link.ts";
import { watchWorker } from "./worker-watch.ts";

/** What no request needs while all is well: for when the user has to act, the provider is in trouble, or the worker is. */
export interface Later
  extends Interaction, FailedAcquisition, Pick<UnansweredRequests, "left">, Pick<WorkerListener, "hear"> {
  /** Makes the page attach tokens to its calls of `fetch` by itself. */
  attachHere(): void;
}

/**
 * Loaded once the page is attached: when it is needed, the server may have it no more.
 *
 * @param matchFetch tells the protected resource of a call
 * @param stopped aborts when the page needs no tokens any more
 */
export function createLater(
  source: TokenSource,
  settings: Settings,
  entries: readonly ResourceEntry[],
  match: ResourceMatcher,
  acquisition: Acquisition,
  link: WorkerLink,
  attachment: TokenAttachment,
  matchFetch: (match: ResourceMatcher, ...call: Parameters<typeof fetch>) => ResourceMatch | null,
  stopped: AbortSignal,
): Later {
  const { paced, startOver } = createSilentPace();
  acquisition.setPace(paced);
  const interaction = createInteraction({
    source,
    settings,
    entries,
    match,
    hasActed: startOver,
    stopped,
    clock: systemClock,
  });
  const attachHere = (): void => replaceFetch((...call) => matchFetch(match, ...call), acquisition, stopped);
  const unanswered = unansweredRequests();
  const watch = watchWorker(link, acquisition.identity, attachment, attachHere, stopped);
  return {
    ...interaction,
    ...createFailedAcquisition(interaction, attachment),
    left: () => unanswered.left(),
    attachHere,
    hear(message, data, port) {
      if (message?.type === "observed") observe(message.request, match, attachment);
      else if (message?.type === "sending") unanswered.note(message);
      else if (port) watch.misread(data, port);
    },
  };
}
