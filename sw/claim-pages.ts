import { pause, systemClock } from "../pipeline/clock.ts";

declare const self: ServiceWorkerGlobalScope;

/** After so many milliseconds a worker that still waits calls `skipWaiting` again. */
const STILL_WAITING = 1_000;

/**
 * Takes control of open pages. Only an active worker can. One that waits for the old one stays alive until it is active:
 * Chromium keeps requests from a worker that was stopped while it waited. See docs/decisions/0011-waiting-workers.md.
 *
 * @param activated resolves when this worker becomes active
 * @param skipsWaiting whether this worker replaces the old one as soon as it can
 */
export async function claimPages(activated: Promise<unknown>, skipsWaiting: boolean): Promise<void> {
  try {
    await self.clients.claim();
  } catch {
    await Promise.race([activated, pause(systemClock, STILL_WAITING)]);
    // Chromium forgets the first call if an event starts the old worker anew just as that one ends.
    if (skipsWaiting) await self.skipWaiting();
    await activated;
  }
}
