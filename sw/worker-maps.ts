import { mapText, readMapText, type ResourceEntry } from "../protocol/resource-map.ts";
import { compileResourceMap } from "../protocol/resource-matcher.ts";
import { parseUrl } from "../protocol/url.ts";
import type { ComparedMap } from "./clients.ts";

const SAME: ComparedMap = { isOther: false, decidesAlike: () => true };
const OTHER: ComparedMap = { isOther: true, decidesAlike: () => false };

/** The maps by which this worker attaches tokens: one, unless the site's own worker has registered several. */
export class WorkerMaps {
  readonly #maps = new Map<string, readonly ResourceEntry[]>();
  readonly #entries = new Set<string>();
  #isOfUrl = true;

  /** @param isOfUrl whether the map stands in the worker's own URL */
  add(entries: readonly ResourceEntry[], isOfUrl: boolean): void {
    this.#isOfUrl &&= isOfUrl;
    this.#maps.set(mapText(entries), entries);
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

  /**
   * Compares the map that a page names with these. A worker of the site's own has the site's map. The page has entries ahead
   * of it that leave out the identity library's files and hosts.
   */
  compare(pageMap: string): ComparedMap {
    const texts = [...this.#maps.keys()];
    if (texts.every((text) => text === pageMap)) return SAME;
    const pageEntries = readMapText(pageMap);
    const exclusions: ResourceEntry[] = [];
    for (const [text, { length }] of this.#maps) {
      const ahead = pageEntries.slice(0, Math.max(0, pageEntries.length - length));
      if (mapText(pageEntries.slice(ahead.length)) !== text || !ahead.every(isExclusion)) return OTHER;
      exclusions.push(...ahead);
    }
    const findExclusion = compileResourceMap(exclusions.map((entry) => ({ ...entry, scopes: [] })));
    return { isOther: false, decidesAlike: (url, method) => !findExclusion(new URL(url), method) };
  }
}

/** The text of a map comes from another realm, so a key in it need not be a URL. */
const isExclusion = ({ key, scopes }: ResourceEntry): boolean => scopes === null && parseUrl(key) !== null;
