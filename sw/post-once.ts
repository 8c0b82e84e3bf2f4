import { seal } from "../protocol/messages.ts";
import type { ClientRecords } from "./clients.ts";
import type { OpenPages } from "./open-pages.ts";
import { newRequestLock } from "./request-locks.ts";

/**
 * Sends a request unless a worker that died has sent it before and heard no answer: Chromium gives the requests of a dead
 * worker to the next one, and an order would be placed twice.
 *
 * The page remembers each such request. A Web Lock that is held while the request is under way tells whether its sender
 * died, since locks die with their holder.
 */
export async function sendOnce(
  { clientId, request }: Pick<FetchEvent, "clientId" | "request">,
  records: ClientRecords,
  pages: OpenPages,
  send: () => Promise<Response>,
): Promise<Response> {
  const sent = `${request.method} ${request.url}`;
  if (records.takeUnanswered(clientId, sent)) return Response.error();

  const page = await pages.find(clientId);
  const lock = newRequestLock();
  const tell = (request: string | null): void => page?.postMessage(seal({ type: "sending", lock, request }));
  return await navigator.locks.request(lock, async () => {
    tell(sent);
    return await send().finally(() => tell(null));
  });
}
