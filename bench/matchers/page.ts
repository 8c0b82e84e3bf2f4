import type { Keys, PrepareMatcher } from "./matcher.ts";
import { msalAngular } from "./msal-angular.ts";
import { ours } from "./ours.ts";
import { urlPatternList } from "./url-pattern-list.ts";

/** A map to prepare, and URLs to decide. All URLs have the same answer. */
export interface MatcherTask {
  readonly keys: Keys;
  readonly urls: readonly string[];
  /** The right answer for every URL. */
  readonly isProtected: boolean;
}

const MATCHERS: Readonly<Record<string, PrepareMatcher>> = {
  "msal-angular": msalAngular,
  "url-pattern-list": urlPatternList,
  "bearer-worker": ours,
};

/** The least duration of a sample in milliseconds. The clock's resolution is a tenth of a millisecond. */
const LONG_ENOUGH = 20;

/** Prepared matchers, each with the number of passes over its URLs in a sample. */
const prepared = new Map<string, { match: (url: string) => boolean; passes: number }>();

/**
 * Measures the time of decisions.
 *
 * @returns nanoseconds for each decision
 * @throws Error when a decision is wrong
 */
function timeMatcher(name: string, id: string, task: MatcherTask): number {
  const matcher = prepared.get(name + id) ?? { match: prepare(name, task), passes: 1 };
  prepared.set(name + id, matcher);
  const { match } = matcher;
  for (;;) {
    const { passes } = matcher;
    const start = performance.now();
    for (let pass = 0; pass < passes; pass++) for (const url of task.urls) match(url);
    const time = performance.now() - start;
    if (time > LONG_ENOUGH) return (time * 1e6) / (passes * task.urls.length);
    matcher.passes *= 2;
  }
}

function prepare(name: string, { keys, urls, isProtected }: MatcherTask): (url: string) => boolean {
  const match = MATCHERS[name]?.(keys);
  if (!match) throw new Error(`There is no matcher "${name}".`);
  if (urls.some((url) => match(url) !== isProtected))
    throw new Error(`The matcher "${name}" decides wrongly.`);
  return match;
}

Object.assign(globalThis, { timeMatcher });
