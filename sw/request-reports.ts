import { seal } from "../protocol/messages.ts";
import type { ObservedNotice, PendingNotice, ProofRefusedNotice } from "../protocol/request-notices.ts";
import type { ClientRecords } from "./clients.ts";
import type { OpenPages } from "./open-pages.ts";

/**
 * Reports a request to the page that made it. A request of a client that does not observe, such as a web worker, is reported
 * to every observing page of the same account.
 */
export async function reportRequest(
  clientId: string,
  notice: ObservedNotice | PendingNotice,
  records: ClientRecords,
  pages: OpenPages,
): Promise<void> {
  const observers = records.isObserving(clientId) ? [clientId] : records.observersOf(clientId);
  for (const id of observers) {
    const page = await pages.find(id);
    if (page) page.postMessage(seal(notice));
    else records.forget(id);
  }
}

/** Reports a refused proof to the page that made the request, or to all pages for a client that is no page. */
export async function reportProof(
  notice: ProofRefusedNotice,
  clientId: string,
  pages: OpenPages,
): Promise<void> {
  const own = await pages.find(clientId);
  const receivers = own && pages.isPage(own) ? [own] : await pages.all();
  for (const page of receivers) page.postMessage(seal(notice));
}
