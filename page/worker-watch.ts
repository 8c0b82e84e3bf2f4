import type { BearerWorkerErrorCode } from "../protocol/errors.ts";
import type { Identity } from "../protocol/messages.ts";
import { VERSION_FIELD } from "../protocol/version-field.ts";
import type { TokenAttachment } from "./token-attachment.ts";
import type { WorkerLink } from "./worker-link.ts";

/** Finds out when a page is under a worker that does not serve it, which nothing else tells. */
export interface WorkerWatch {
  /** Ends a question of another version of the protocol: the worker lets the request pass at once. */
  misread(question: unknown, port: MessagePort): void;
}

/**
 * Looks now and whenever another worker takes control. What a new worker does not mend is said in a `tokenfailed` event, and
 * the page attaches tokens by itself until it is reloaded.
 *
 * @param identity whose page this is
 * @param attachHere makes the page attach tokens by itself
 */
export function watchWorker(
  link: WorkerLink,
  identity: () => Identity,
  attachment: TokenAttachment,
  attachHere: () => void,
  stopped: AbortSignal,
): WorkerWatch {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  let hasRenewed = false;
  let hasFailed = false;

  const fail = (code: BearerWorkerErrorCode): void => {
    if (stopped.aborted || hasFailed) return;
    hasFailed = true;
    attachHere();
    attachment.emit("tokenfailed", { resource: "*", scopes: [], code, reason: null, outcome: "bare" });
  };
  const look = async (): Promise<void> => {
    const code = container?.controller && (await lookAt(link));
    if (!code) return;
    // A worker that removes itself leaves no registration, and requests to themselves.
    await activated(container.controller);
    if (stopped.aborted || !(await container.getRegistration())) return;
    if (code === "worker_incompatible" || hasRenewed) return fail(code);
    hasRenewed = true;
    if (isReplaceable(container.controller.scriptURL, link)) await renew(link, stopped);
    if (stopped.aborted) return;
    link.announce(identity());
    await look();
  };
  container?.addEventListener("controllerchange", () => void look(), { signal: stopped });
  void look();
  // A worker that waits for the old one to finish is kept running by what pages say to it.
  void container?.ready.then((registration) => {
    link.announce(identity(), [registration.waiting]);
    const greet = (): void => link.announce(identity(), [registration.installing]);
    registration.addEventListener("updatefound", greet, { signal: stopped });
  });

  return {
    misread(question, port) {
      const { bearerWorker } = Object(question) as { bearerWorker?: unknown };
      if (bearerWorker === undefined || bearerWorker === link.version) return;
      // This one message is the same in every version.
      port.postMessage({ type: "identity", account: null, observing: false, bearerWorker });
      fail("worker_incompatible");
    },
  };
}

/**
 * Puts a new worker of the same kind in the worker's place, by another URL and back. Chromium sends a page's requests past
 * its worker for good when that was stopped at the wrong moment; see docs/decisions/0012-renewed-worker.md.
 */
async function renew(link: WorkerLink, stopped: AbortSignal): Promise<void> {
  for (const url of [new URL(`${link.script}&`), link.script]) {
    await activated(navigator.serviceWorker.controller);
    if (!stopped.aborted) await link.connect(url).catch(() => undefined);
  }
}

/** Not a worker of a newer map, nor one of the site's own that imports ours: it would not be the same one that comes back. */
const isReplaceable = (controller: string, { script: { href } }: WorkerLink): boolean =>
  controller === href && /\/bearer-sw\.js\?.*bearer-worker=/.test(href);

/** How many milliseconds a worker may take to be activated: Chromium says so a second later than it is. */
const ACTIVE_WITHIN = 5_000;

/** While a worker is being activated, Chromium lets the next one wait, and forgets about it. */
async function activated(worker: ServiceWorker | null): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (worker?.state !== "activating") resolve();
    };
    worker?.addEventListener("statechange", look);
    setTimeout(resolve, ACTIVE_WITHIN);
    look();
  });
}

/** Asks what only the worker can answer. */
async function lookAt(link: WorkerLink): Promise<BearerWorkerErrorCode | null> {
  const answer = await fetch(link.forgetUrl, { method: "HEAD", cache: "no-store" }).catch(() => null);
  const version = answer?.headers.get(VERSION_FIELD);
  if (!answer || version === `${link.version}`) return null;
  return version ? "worker_incompatible" : "worker_bypassed";
}
