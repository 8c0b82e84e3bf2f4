import { compileResourceMap, type ResourceMatch } from "../protocol/resource-matcher.ts";
import type { WorkerConfiguration } from "../protocol/worker-url.ts";

/** The resource that a request belongs to, and the server that it is sent to. */
export interface RequestMatch extends ResourceMatch {
  /** An origin. */
  readonly server: string;
}

/** Decides synchronously whether a request gains a token. `url` is the request's, parsed. */
export type RequestMatcher = (requested: {
  readonly request: Request;
  readonly url: URL;
}) => RequestMatch | null;

/** Leaves a caller's own credentials alone, and navigations unless the configuration includes them and they are safe. */
export function compileRequestMatcher({ entries, navigations }: WorkerConfiguration): RequestMatcher {
  const matchResource = compileResourceMap(entries);
  return ({ request, url }) => {
    const match = matchResource(url, request.method);
    if (!match || hasCredentials(request, url)) return null;
    if (request.mode === "navigate" && !(navigations && isSafeNavigation(request))) return null;
    return { ...match, server: url.origin };
  };
}

const hasCredentials = (request: Request, url: URL): boolean =>
  request.headers.has("Authorization") ||
  request.headers.has("DPoP") ||
  url.username !== "" ||
  url.password !== "";

/**
 * Any site can send a user here, and would act with the user's token. Navigations are treated like cookies that are
 * `SameSite=Lax`: a token goes with those that show a page in a window, and change nothing.
 *
 * No field of a request tells that it came by way of another site. A form that is sent to another site can be redirected
 * here, and has the referrer and the mode of one that was sent here at once. So no form is trusted, and no frame.
 */
const isSafeNavigation = ({ method, destination }: Request): boolean =>
  method === "GET" && destination === "document";
