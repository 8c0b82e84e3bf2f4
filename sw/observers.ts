import { type ObservedRequest, seal } from "../protocol/messages.ts";
import { isPage, observers } from "./page-accounts.ts";

declare const self: ServiceWorkerGlobalScope;

/** Tells the page that made the request, or every observer where it was made by an iframe or a web worker. */
export async function notifyObservers(clientId: string, request: ObservedRequest): Promise<void> {
  const source = await self.clients.get(clientId);
  for (const id of source && isPage(source) ? [clientId] : observers) {
    if (!observers.has(id)) continue;
    const page = await self.clients.get(id);
    if (page) page.postMessage(seal({ type: "observed", request }));
    else observers.delete(id);
  }
}
