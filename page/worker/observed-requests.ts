import type {
  FailedNotice,
  ObservedNotice,
  PendingNotice,
  ProofRefusedNotice,
} from "../../protocol/messages.ts";
import type { ResourceMatcher } from "../../protocol/resource-matcher.ts";
import { parseUrl } from "../../protocol/url.ts";
import type { AttachmentEvents } from "../attachment-events.ts";

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
  const parsed = parseUrl(url, base);
  const resource = parsed && match(parsed, method);
  if (!resource) return;
  const { key, scopes } = resource;
  events.emit("tokenfailed", { resource: key, scopes, ...failure, outcome });
}

/** Passes on that a resource server refused a proof, as a `tokenfailed` event. */
export function emitRefusedProof(
  { url, method, code, isReplayed }: Omit<ProofRefusedNotice, "type">,
  match: ResourceMatcher,
  events: AttachmentEvents,
  base: string,
): void {
  const parsed = parseUrl(url, base);
  const resource = parsed && match(parsed, method);
  if (!resource) return;
  const { key, scopes } = resource;
  const outcome = isReplayed ? "replayed" : "bare";
  events.emit("tokenfailed", { resource: key, scopes, code, reason: null, correlationId: null, outcome });
}
