import { seal } from "../protocol/messages.ts";
import { unanswered } from "./page-accounts.ts";

declare const self: ServiceWorkerGlobalScope;

/** What must not be sent twice by itself. @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const NOT_IDEMPOTENT = /^(POST|PATCH)$/;

/**
 * Sends a request unless a worker that died has sent it before and heard no answer.
 *
 * Chromium alone gives such a request to the next worker, and an order would be placed twice. Only who made the request
 * survives the worker: told of it ahead, a page says in its identity what was left. A lock shows whether it was, since
 * locks die with their holder.
 */
export async function sendOnce(event: FetchEvent, send: () => Promise<Response>): Promise<Response> {
  const { clientId, request } = event;
  if (!NOT_IDEMPOTENT.test(request.method) || !("userAgentData" in navigator)) return await send();

  const sent = `${request.method} ${request.url}`;
  const left = unanswered.get(clientId);
  // Each counts once: identical requests can have been under way. What is not found is beyond the end.
  if (left?.splice(left.indexOf(sent) >>> 0, 1).length) return Response.error();

  const page = await self.clients.get(clientId);
  const lock = crypto.randomUUID();
  const tell = (request: string | null): void => page?.postMessage(seal({ type: "sending", lock, request }));
  return await navigator.locks.request(lock, () => {
    tell(sent);
    return send().finally(() => tell(null));
  });
}
