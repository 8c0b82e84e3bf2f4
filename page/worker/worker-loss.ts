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

/** Notes that the worker does not serve the page as it should, says so once, and lets the page serve its own calls. */
export class WorkerLoss {
  readonly #parts: Parts;
  #isLost = false;
  #isIncomplete = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether the page has to serve its own calls, or some of them. */
  get isNoticed(): boolean {
    return this.#isLost || this.#isIncomplete;
  }

  /** Another worker serves the page, or none. */
  report(code: BearerWorkerErrorCode): void {
    const { calls, events, stopped } = this.#parts;
    if (this.#isLost || stopped.aborted) return;
    this.#isLost = true;
    calls.serve();
    events.emit("tokenfailed", { ...WITHOUT_ACQUISITION, resource: "*", scopes: [], code });
  }

  /** The worker lacks these keys of the page's map, and serves the page otherwise. */
  reportLacking(keys: readonly string[], code: "worker_map_incomplete" | "worker_map_differs"): void {
    const { calls, entries, events, stopped } = this.#parts;
    const lacked = new Map(
      entries.flatMap((entry) => (keys.includes(entry.key) ? [[entry.key, entry]] : [])),
    );
    if (lacked.size === 0 || this.#isIncomplete || this.#isLost || stopped.aborted) return;
    this.#isIncomplete = true;
    calls.serve();
    for (const { key, scopes } of lacked.values())
      events.emit("tokenfailed", { ...WITHOUT_ACQUISITION, resource: key, scopes: scopes ?? [], code });
    const all = [...lacked.keys()];
    if (code === "worker_map_incomplete") reportError(mapIncompleteError(all));
    // A deployment that adds a key does the same to each open browser, once, and is no error.
    else console.warn(mapDiffersText(all));
  }
}

/** No token was asked for. */
const WITHOUT_ACQUISITION = { reason: null, correlationId: null, outcome: "bare" } as const;

/** Keys as the console shows them. A query may hold anything, so they come without it. */
const shown = (keys: readonly string[]): string =>
  [...new Set(keys.map((key) => key.replace(/[?#].*/s, "")))].join(", ");

/** The warning that the console shows. */
const mapDiffersText = (keys: readonly string[]): string =>
  `bearer-worker: the worker of another protectedResourceMap had this page when it was loaded. Images and other requests for these keys, which that map lacks, have no token until the next load: ${shown(keys)}. If this comes with every load, two apps share one scope: give each a path and a script of its own.\nSee bearer-worker/docs/several-apps.md`;

/** The error that the console shows. */
export const mapIncompleteError = (keys: readonly string[]): BearerWorkerError =>
  new BearerWorkerError(
    "worker_map_incomplete",
    `The site's own worker does not know these keys of the option "protectedResourceMap", or knows them with other scopes: ${shown(keys)}. Give registerTokenRoute the same map, and mind that its relative keys count from the worker's own URL.`,
  );
