import type { Answer } from "../http.ts";
import { type CheckName, type Finding, pass, warn } from "./finding.ts";

const LONGEST_FRESH = 3_600;

/**
 * Checks that caches keep a file briefly. Its name never changes, so long-lived copies would mix versions.
 *
 * @param what the subject of the sentences, such as "The worker's script"
 * @param files the files that the fix names
 */
export function checkCaching(
  check: CheckName,
  { url, headers }: Answer,
  what: string,
  files: string,
): Finding {
  const control = headers.get("Cache-Control")?.toLowerCase() ?? "";
  const seconds = freshFor(control);
  if (!control.includes("immutable") && seconds <= LONGEST_FRESH)
    return pass(check, url, `${what} is not cached for long.`);
  return warn(
    check,
    url,
    `${what} may be cached for ${inWords(seconds)}${control.includes("immutable") ? " as immutable" : ""}, so visitors keep the old version after an update.`,
    `Send "Cache-Control: no-cache" with ${files}.`,
  );
}

/** The lifetime in seconds. Shared caches, which serve most of a site's visitors, have a value of their own. */
function freshFor(control: string): number {
  if (/\bno-(?:cache|store)\b/.test(control)) return 0;
  const [, seconds] = /\bs-maxage=(\d+)/.exec(control) ?? /\bmax-age=(\d+)/.exec(control) ?? [];
  return Number(seconds ?? 0);
}

const inWords = (seconds: number): string =>
  seconds >= 2 * 86_400
    ? `${Math.round(seconds / 86_400)} days`
    : seconds >= 2 * 3_600
      ? `${Math.round(seconds / 3_600)} hours`
      : `${Math.round(seconds / 60)} minutes`;
