import type { Answer } from "../http.ts";
import { type CheckName, type Finding, pass, warn } from "./finding.ts";

const LONGEST_FRESH = 3_600;

/** Files whose names never change must not be kept for long: browsers, proxies and networks would mix versions. */
export function checkCaching(check: CheckName, { url, headers }: Answer, what: string): Finding {
  const control = headers.get("Cache-Control")?.toLowerCase() ?? "";
  const seconds = freshFor(control);
  if (!control.includes("immutable") && seconds <= LONGEST_FRESH)
    return pass(check, url, "is not cached for long");
  return warn(
    check,
    url,
    `may be cached for ${inWords(seconds)}${control.includes("immutable") ? " as immutable" : ""}, so visitors keep an old one after an update`,
    `Serve ${what} with "Cache-Control: no-cache".`,
  );
}

/** In seconds; shared caches, which serve most of a site's visitors, have their own. */
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
