import type { ObservedRequest } from "../../protocol/messages.ts";
import type { ResourceMatcher } from "../../protocol/resource-matcher.ts";
import { parseUrl } from "../../protocol/url.ts";
import type { AttachmentEvents } from "../token-attachment.ts";

/**
 * Passes on a worker's report of a request as a `request` event: without query and fragment, which may be secret, and with
 * the scopes that this page's map asks for.
 */
export function emitObserved(
  request: ObservedRequest,
  match: ResourceMatcher,
  events: AttachmentEvents,
  base: string,
): void {
  const url = parseUrl(request.url, base);
  if (!url) return;
  const scopes = match(url, request.method)?.scopes ?? [];
  events.emit("request", { ...request, url: request.url.replace(/[?#].*/s, ""), scopes });
}
