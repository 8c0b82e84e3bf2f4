import { BearerWorkerError, type BearerWorkerErrorCode } from "../../protocol/errors.ts";
import type { ResourceEntry } from "../../protocol/resource-map.ts";
import type { AttachmentEvents } from "../attachment-events.ts";

interface Parts {
  readonly entries: readonly ResourceEntry[];
  /** The page's own calls, which the page serves once its worker does not. */
  readonly calls: { serve(): void };
  readonly events: AttachmentEvents;
  readonly stopped: AbortSignal;
}

/** Notes once that the worker does not serve the page as it should, says so, and lets the page serve its own calls. */
export class WorkerLoss {
  readonly #parts: Parts;
  #isLost = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Another worker serves the page, or none. */
  report(code: BearerWorkerErrorCode): void {
    if (!this.#isFirst()) return;
    const { events } = this.#parts;
    events.emit("tokenfailed", { ...WITHOUT_ACQUISITION, resource: "*", scopes: [], code });
  }

  /** The site's own worker lacks these keys of the page's map. */
  reportLacking(keys: readonly string[]): void {
    const { entries, events } = this.#parts;
    const lacked = new Map(
      entries.flatMap((entry) => (keys.includes(entry.key) ? [[entry.key, entry]] : [])),
    );
    if (lacked.size === 0 || !this.#isFirst()) return;
    const failed = { ...WITHOUT_ACQUISITION, code: "worker_map_incomplete" } as const;
    for (const { key, scopes } of lacked.values())
      events.emit("tokenfailed", { ...failed, resource: key, scopes: scopes ?? [] });
    reportError(mapIncompleteError([...lacked.keys()]));
  }

  #isFirst(): boolean {
    const { calls, stopped } = this.#parts;
    if (this.#isLost || stopped.aborted) return false;
    this.#isLost = true;
    calls.serve();
    return true;
  }
}

/** No token was asked for. */
const WITHOUT_ACQUISITION = { reason: null, correlationId: null, outcome: "bare" } as const;

/** The error that the console shows. */
export const mapIncompleteError = (keys: readonly string[]): BearerWorkerError =>
  new BearerWorkerError(
    "worker_map_incomplete",
    `The site's own worker does not know these keys of the option "protectedResourceMap", or knows them with other scopes: ${keys.join(", ")}. Give registerTokenRoute the same map, and mind that its relative keys count from the worker's own URL.`,
  );
