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
 * Passes on reports of requests as events: without query and fragment, which may be secret, and with the scopes that this
 * page's own map asks for.
 */
export class RequestReports {
  readonly #match: ResourceMatcher;
  readonly #events: AttachmentEvents;
  readonly #base: () => string;

  /** @param base the document's URL */
  constructor(match: ResourceMatcher, events: AttachmentEvents, base: () => string) {
    this.#match = match;
    this.#events = events;
    this.#base = base;
  }

  /** A request waits or has ended: `request` or `requestpending`. */
  observed({ request }: ObservedNotice | PendingNotice): void {
    const parsed = parseUrl(request.url, this.#base());
    if (!parsed) return;
    const scopes = this.#match(parsed, request.method)?.scopes ?? [];
    const url = request.url.replace(/[?#].*/s, "");
    if ("status" in request) this.#events.emit("request", { ...request, url, scopes });
    else this.#events.emit("requestpending", { ...request, url, scopes });
  }

  /** A request shared the question of another page's request, and that page had no token: `tokenfailed`. */
  failed({ url, method, failure, outcome }: FailedNotice): void {
    const resource = this.#resourceOf({ url, method });
    if (resource) this.#events.emit("tokenfailed", { ...resource, ...failure, outcome });
  }

  /** A resource server refused a proof: `tokenfailed`. */
  proofRefused({ url, method, code, isReplayed }: Omit<ProofRefusedNotice, "type">): void {
    const resource = this.#resourceOf({ url, method });
    const outcome = isReplayed ? "replayed" : "bare";
    if (!resource) return;
    this.#events.emit("tokenfailed", { ...resource, code, reason: null, correlationId: null, outcome });
  }

  /** The protected resource as events name it. */
  #resourceOf({
    url,
    method,
  }: Pick<FailedNotice, "url" | "method">): Pick<TokenFailed, "resource" | "scopes"> | null {
    const parsed = parseUrl(url, this.#base());
    const found = parsed && this.#match(parsed, method);
    return found && { resource: found.key, scopes: found.scopes };
  }
}
