import type {
  FailedNotice,
  ObservedNotice,
  PendingNotice,
  ProofRefusedNotice,
} from "../../protocol/request-notices.ts";
import type { ResourceMatcher } from "../../protocol/resource-matcher.ts";
import { parseUrl } from "../../protocol/url.ts";
import type { AttachmentEvents, TokenFailed } from "../attachment-events.ts";

/**
 * Passes on a worker's report of a request as a `request` or `requestpending` event: without query and fragment, which may
 * be secret, and with the scopes that this page's map asks for.
 */
export function emitObserved(
  { request }: ObservedNotice | PendingNotice,
  match: ResourceMatcher,
  events: AttachmentEvents,
  base: string,
): void {
  const parsed = parseUrl(request.url, base);
  if (!parsed) return;
  const scopes = match(parsed, request.method)?.scopes ?? [];
  const url = request.url.replace(/[?#].*/s, "");
  if ("status" in request) events.emit("request", { ...request, url, scopes });
  else events.emit("requestpending", { ...request, url, scopes });
}

/** Emits `tokenfailed` for a request that shared the question of another page's request. */
export function emitFailed(
  { url, method, failure, outcome }: FailedNotice,
  match: ResourceMatcher,
  events: AttachmentEvents,
  base: string,
): void {
  const resource = resourceOf({ url, method }, match, base);
  if (resource) events.emit("tokenfailed", { ...resource, ...failure, outcome });
}

/** Passes on that a resource server refused a proof, as a `tokenfailed` event. */
export function emitRefusedProof(
  { url, method, code, isReplayed }: Omit<ProofRefusedNotice, "type">,
  match: ResourceMatcher,
  events: AttachmentEvents,
  base: string,
): void {
  const resource = resourceOf({ url, method }, match, base);
  const outcome = isReplayed ? "replayed" : "bare";
  if (resource) events.emit("tokenfailed", { ...resource, code, reason: null, correlationId: null, outcome });
}

/** The protected resource as events name it. */
function resourceOf(
  { url, method }: Pick<FailedNotice, "url" | "method">,
  match: ResourceMatcher,
  base: string,
): Pick<TokenFailed, "resource" | "scopes"> | null {
  const parsed = parseUrl(url, base);
  const found = parsed && match(parsed, method);
  return found && { resource: found.key, scopes: found.scopes };
}
