import { seal } from "../protocol/messages.ts";
import { topLevelPages } from "./page-accounts.ts";

/** A request in the care of this worker. Its responses count until their bodies have ended. */
interface Service {
  readonly url: string;
  ended: number;
  responses: number;
}

/**
 * Firefox cuts streams 30 seconds after a worker's last event, and answers that are due after 60. A message from a page
 * is an event, so all pages that are there are asked for one while a request runs.
 */
const ASK_EVERY = 10_000;

/** Alone among engines Firefox has no `Request.body`, and alone it needs this. */
const isNeeded = !("body" in Request.prototype);

const services = new Set<Service>();
let timer = 0;

/** Nothing tells a worker that a response has been read to its end, but for its own timeline. */
if (isNeeded) {
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      for (const service of services) {
        if (service.url !== name) continue;
        service.ended++;
        settle(service);
        break;
      }
    }
  }).observe({ type: "resource" });
}

/**
 * Keeps the worker alive for a request as long as it runs.
 *
 * @returns to be called with the number of responses that the request has had, when the last one is there
 */
export function serve(url: string): (responses: number) => void {
  const service: Service = { url, ended: 0, responses: Infinity };
  if (isNeeded) {
    services.add(service);
    timer ||= setInterval(askPages, ASK_EVERY);
  }
  return (responses) => {
    service.responses = responses;
    settle(service);
  };
}

function settle(service: Service): void {
  if (service.ended < service.responses) return;
  services.delete(service);
  if (services.size > 0) return;
  clearInterval(timer);
  timer = 0;
}

async function askPages(): Promise<void> {
  for (const page of await topLevelPages()) page.postMessage(seal({ type: "running" }));
}
