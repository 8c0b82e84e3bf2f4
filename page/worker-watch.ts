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
 * Looks now and whenever another worker takes control, and says what it finds in a `tokenfailed` event.
 *
 * @param identity whose page this is
 * @param attachHere makes the page attach tokens by itself
 */
export function watchWorker(
  { forgetUrl, version, announce }: Pick<WorkerLink, "forgetUrl" | "version" | "announce">,
  identity: () => Identity,
  attachment: TokenAttachment,
  attachHere: () => Promise<unknown>,
  stopped: AbortSignal,
): WorkerWatch {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  let trouble: BearerWorkerErrorCode | null = null;

  const found = (code: BearerWorkerErrorCode | null): void => {
    // What has been repaired in the page stays so until it is reloaded.
    if (stopped.aborted || code === trouble || trouble === "worker_incompatible") return;
    trouble = code;
    if (code === null) return;
    if (code === "worker_incompatible") void attachHere();
    attachment.emit("tokenfailed", { resource: "*", scopes: [], code, reason: null, outcome: "bare" });
  };
  const look = async (): Promise<void> => {
    if (container?.controller) found(await lookAt(forgetUrl, `${version}`));
  };
  container?.addEventListener("controllerchange", () => void look(), { signal: stopped });
  void look();
  // A worker that waits for the old one to finish is kept running by what pages say to it.
  void container?.ready.then((registration) => {
    announce(identity(), [registration.waiting]);
    const greet = (): void => announce(identity(), [registration.installing]);
    registration.addEventListener("updatefound", greet, { signal: stopped });
  });

  return {
    misread(question, port) {
      const { bearerWorker } = Object(question) as { bearerWorker?: unknown };
      if (bearerWorker === undefined || bearerWorker === version) return;
      // This one message is the same in every version.
      port.postMessage({ type: "identity", account: null, observing: false, bearerWorker });
      found("worker_incompatible");
    },
  };
}

/** Asks what only the worker can answer. */
async function lookAt(forgetUrl: string, own: string): Promise<BearerWorkerErrorCode | null> {
  const answer = await fetch(forgetUrl, { method: "HEAD", cache: "no-store" }).catch(() => null);
  const version = answer?.headers.get(VERSION_FIELD);
  if (!answer || version === own) return null;
  return version ? "worker_incompatible" : "worker_bypassed";
}
