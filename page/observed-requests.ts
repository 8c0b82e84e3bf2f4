import type { ObservedRequest } from "../protocol/messages.ts";
import type { ResourceMatcher } from "../protocol/resource-matcher.ts";
import type { TokenAttachment } from "./token-attachment.ts";

/**
 * Passes on what a worker tells of a request, as a `request` event: without query and fragment, which may be secret, and
 * with what this page's map asks for.
 */
export function observe(request: ObservedRequest, match: ResourceMatcher, attachment: TokenAttachment): void {
  const { url, method } = request;
  try {
    const scopes = match(new URL(url), method)?.scopes ?? [];
    attachment.emit("request", { ...request, url: url.replace(/[?#].*/s, ""), scopes });
  } catch {
    // Not from a worker of ours.
  }
}
