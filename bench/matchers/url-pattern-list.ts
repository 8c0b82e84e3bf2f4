import type { PrepareMatcher } from "./matcher.ts";

declare class URLPattern {
  constructor(pattern: string);
  test(url: string): boolean;
}

/** The browser's own URLPattern objects, created once and tried in turn. */
export const urlPatternList: PrepareMatcher = (keys) => {
  const patterns = keys.map((key) => new URLPattern(key));
  return (url) => patterns.some((pattern) => pattern.test(url));
};
