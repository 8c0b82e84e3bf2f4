import { type Clock, within } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import type { TokenSource } from "../token-source.ts";
import { SILENT_WITHIN } from "./backoff.ts";

/** The one who waits for a source. */
interface Listener {
  /** The source is ready. No change comes before this returns. */
  ready(): void;
  changed: Parameters<TokenSource["subscribe"]>[0];
}

/**
 * Waits until the source is ready, and listens to its changes from then on.
 *
 * @throws BearerWorkerError `silent_timeout`; and the source's own error
 */
export async function readySource(
  source: Pick<TokenSource, "ready" | "subscribe">,
  clock: Clock,
  stopped: AbortSignal,
  listener: Listener,
): Promise<void> {
  await within(clock, SILENT_WITHIN, source.ready(), notReady);
  listener.ready();
  const unsubscribe = source.subscribe(listener.changed);
  if (stopped.aborted) unsubscribe();
  stopped.addEventListener("abort", unsubscribe);
}

const notReady = (): BearerWorkerError =>
  new BearerWorkerError(
    "silent_timeout",
    "The identity library did not get ready within 30 seconds. Call attachTokens again to try once more.",
  );
