import { mapText, type ResourceEntry } from "../protocol/resource-map.ts";

/** The maps by which this worker attaches tokens: one, unless the site's own worker has registered several. */
export class WorkerMaps {
  readonly #texts = new Set<string>();

  add(entries: readonly ResourceEntry[]): void {
    this.#texts.add(mapText(entries));
  }

  /** Whether a page that names this map would decide every request as this worker does. */
  areSameAs(pageMap: string): boolean {
    return [...this.#texts].every((text) => text === pageMap);
  }
}
