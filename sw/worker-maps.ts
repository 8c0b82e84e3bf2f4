import { mapText, type ResourceEntry } from "../protocol/resource-map.ts";

/** The maps by which this worker attaches tokens: one, unless the site's own worker has registered several. */
export class WorkerMaps {
  readonly #texts = new Set<string>();
  readonly #entries = new Set<string>();
  #isOfUrl = true;

  /** @param isOfUrl whether the map stands in the worker's own URL */
  add(entries: readonly ResourceEntry[], isOfUrl: boolean): void {
    this.#isOfUrl &&= isOfUrl;
    this.#texts.add(mapText(entries));
    for (const entry of entries) this.#entries.add(mapText([entry]));
  }

  /** Whether every map stands in the worker's own URL. */
  get isOfUrl(): boolean {
    return this.#isOfUrl;
  }

  /** The keys of a page's map whose entries are in none of these maps. */
  lackedBy(pageEntries: readonly ResourceEntry[]): string[] {
    const lacking = pageEntries.filter((entry) => entry.scopes && !this.#entries.has(mapText([entry])));
    return [...new Set(lacking.map(({ key }) => key))];
  }

  /** Whether a page that names this map would decide every request as this worker does. */
  areSameAs(pageMap: string): boolean {
    return [...this.#texts].every((text) => text === pageMap);
  }
}
