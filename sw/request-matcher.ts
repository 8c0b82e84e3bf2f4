import { compileResourceMap, type ResourceMatch } from "../protocol/resource-matcher.ts";
import type { WorkerConfiguration } from "../protocol/worker-url.ts";

/** Decides at once whether a request gains a token. */
export type RequestMatcher = (request: Request, url: URL) => ResourceMatch | null;

/** A caller's own credentials are left alone, and so are navigations unless they are asked for. */
export function compileRequestMatcher({ entries, navigations }: WorkerConfiguration): RequestMatcher {
  const matchResource = compileResourceMap(entries);
  return (request, url) =>
    (request.mode === "navigate" && !navigations) ||
    request.headers.has("Authorization") ||
    url.username ||
    url.password
      ? null
      : matchResource(url, request.method);
}
