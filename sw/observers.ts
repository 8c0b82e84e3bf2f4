import { type ObservedRequest, seal } from "../protocol/messages.ts";
import { observers } from "./page-accounts.ts";

declare const self: ServiceWorkerGlobalScope;

/** Tells the page that made the request, or every observer where none did: an iframe, a web worker, another page. */
export async function notifyObservers(clientId: string, request: ObservedRequest): Promise<void> {
  for (const id of observers.has(clientId) ? [clientId] : observers) {
    const page = await self.clients.get(id);
    if (page) page.postMessage(seal({ type: "observed", request }));
    else observers.delete(id);
  }
}
