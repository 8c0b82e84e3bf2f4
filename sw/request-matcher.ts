import { compileResourceMap, type ResourceMatch } from "../protocol/resource-matcher.ts";
import type { WorkerConfiguration } from "../protocol/worker-url.ts";
import { serverOf } from "./server-of.ts";

/** What a request asks a token for. */
export interface RequestMatch extends ResourceMatch {
  /** The origin that it is sent to. */
  readonly server: string;
}

/** Decides at once whether a request gains a token. `url` is the request's, parsed. */
export type RequestMatcher = (requested: {
  readonly request: Request;
  readonly url: URL;
}) => RequestMatch | null;

/** A caller's own credentials are left alone, and so are navigations unless they are asked for and safe. */
export function compileRequestMatcher({ entries, navigations }: WorkerConfiguration): RequestMatcher {
  const matchResource = compileResourceMap(entries);
  return ({ request, url }) => {
    const match = matchResource(url, request.method);
    return !match ||
      (request.mode === "navigate" && !(navigations && isSafeNavigation(request))) ||
      request.headers.has("Authorization") ||
      url.username ||
      url.password
      ? null
      : { key: match.key, scopes: match.scopes, server: url.origin };
  };
}

/**
 * Any site can send a user here, and would act with their token: what other sites start counts as with cookies that are
 * `SameSite=Lax`. Who started it is told by the referrer alone, which a site can withhold but not forge.
 */
const isSafeNavigation = (request: Request): boolean =>
  request.referrer.startsWith(`${serverOf(request)}/`) ||
  (request.method === "GET" && request.destination === "document");
