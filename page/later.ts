import type { ResourceEntry } from "../protocol/resource-map.ts";
import type { ResourceMatcher } from "../protocol/resource-matcher.ts";
import type { Acquisition } from "./acquisition.ts";
import { createInteraction, type Interaction } from "./interaction.ts";
import type { Settings } from "./options.ts";
import { createSilentPace } from "./silent-pace.ts";
import type { TokenAttachment } from "./token-attachment.ts";
import type { TokenSource } from "./token-source.ts";
import type { WorkerLink } from "./worker-link.ts";
import { watchWorker, type WorkerWatch } from "./worker-watch.ts";

/** What no request needs while all is well: for when the user has to act, the provider is in trouble, or the worker is. */
export interface Later extends Interaction, WorkerWatch {}

/**
 * Loaded once the page is attached: when it is needed, the server may have it no more.
 *
 * @param attachHere makes the page attach tokens by itself
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
  attachHere: () => Promise<unknown>,
  stopped: AbortSignal,
): Later {
  const { paced, startOver } = createSilentPace();
  acquisition.setPace(paced);
  return {
    ...createInteraction(source, settings, entries, match, startOver, stopped),
    ...watchWorker(link, attachment, attachHere, stopped),
  };
}
