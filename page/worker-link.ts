import { forgetUrl } from "../protocol/forget-url.ts";
import {
  type AcquireQuestion,
  type Identity,
  PROTOCOL_VERSION,
  type Question,
  type Reply,
  seal,
  type WorkerMessage,
} from "../protocol/messages.ts";
import { readWorkerMessage } from "../protocol/read-message.ts";
import type { ResourceEntry } from "../protocol/resource-map.ts";
import { encodeWorkerUrl } from "../protocol/worker-url.ts";
import type { Settings } from "./options.ts";
import { controlled, registerWorker, REPLACE_WITHIN } from "./worker-registration.ts";

/** The page's end of its talk with the worker. */
export interface WorkerLink {
  /** The URL that only the worker answers. */
  readonly forgetUrl: string;
  /** The version of the protocol that this page speaks. */
  readonly version: number;
  /** The worker's script, with the page's configuration in its URL unless the worker is the site's own. */
  readonly script: URL;
  /** Whether the page's requests go through the worker already. */
  readonly isInControl: boolean;
  /**
   * Registers the worker, and waits until it controls the page; not for long where another map's worker is there.
   *
   * @param url another URL of the same script, when a page needs another worker
   * @returns whether the page's requests come to it; `false` where the page has to attach tokens by itself meanwhile
   * @throws BearerWorkerError as `registerWorker` and `controlled` do
   */
  connect(url?: URL): Promise<boolean>;
  /**
   * Tells workers whose page this is.
   *
   * @param workers those that this page deals with, when left out: its controller and the one that replaces it
   */
  announce(identity: Identity, workers?: readonly (ServiceWorker | null | undefined)[]): void;
  /** Empties the worker, ahead of every request that the page makes from now on. */
  forget(): void;
  /** Unregisters the worker, unless it is the site's own. */
  disconnect(): Promise<void>;
}

/** What the page does with what the worker says. */
export interface WorkerListener {
  answer(question: Question, reply: (message: Reply) => void): Promise<void>;
  /** Whatever is no question, or not to be understood: `message` is `null` then. */
  hear(message: WorkerNotice | null, data: unknown, port: MessagePort | undefined): void;
  /** What workers that have died will never answer. */
  left(): Promise<readonly string[]>;
}
export type WorkerNotice = Exclude<WorkerMessage, Question>;

/** Listens to the worker from now on: requests that the page's HTML made may be waiting for an answer already. */
export function createWorkerLink(
  settings: Settings,
  entries: readonly ResourceEntry[],
  listener: WorkerListener,
): WorkerLink {
  const { serviceWorker } = settings;
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  /** A worker of the site's own, which knows the map by itself. */
  const theirs = typeof serviceWorker === "object" && "scope" in serviceWorker ? serviceWorker : undefined;
  const worker = theirs && (theirs.active ?? theirs.waiting ?? theirs.installing);
  const script = worker
    ? new URL(worker.scriptURL)
    : encodeWorkerUrl(new URL(serviceWorker as string | URL, document.baseURI), { ...settings, entries });
  let registration = theirs;

  /** Whether a worker has sent what must not be sent twice. */
  let hasSent = false;

  const answer = async (question: Question, port: MessagePort): Promise<void> => {
    // A worker that has just started asks for an account.
    const { account } = question as Partial<AcquireQuestion>;
    const unanswered = hasSent && !account ? await listener.left() : null;
    await listener.answer(question, (reply) =>
      port.postMessage(seal(unanswered && "account" in reply ? { ...reply, unanswered } : reply)),
    );
  };

  container?.addEventListener("message", ({ isTrusted, source, data, ports: [port] }) => {
    // What a script dispatches here can name any source.
    if (!isTrusted || !(source instanceof ServiceWorker)) return;
    if (new URL(source.scriptURL).pathname !== script.pathname) return;
    const message = readWorkerMessage(data);
    hasSent ||= message?.type === "sending";
    if (message?.type === "running") source.postMessage(null);
    else if (message?.type !== "identify" && message?.type !== "acquire") listener.hear(message, data, port);
    else if (port) void answer(message, port);
  });
  container?.startMessages();

  /** Whether this is our worker for another map, which has the page or may have it for a while. */
  const isOther = (url = ""): boolean => url !== script.href && url.includes("bearer-worker=");
  const current = container?.controller?.scriptURL;
  return {
    forgetUrl: forgetUrl(script),
    version: PROTOCOL_VERSION,
    script,
    isInControl: current === script.href,
    async connect(url = script) {
      registration = theirs ?? (await registerWorker(url, settings.scope));
      if (url === script && ![current, registration.active?.scriptURL].some(isOther)) {
        await controlled(url);
        return true;
      }
      // Chromium keeps a worker in control for as long as it has requests of other pages under way. Once it goes, its static
      // routes stay with the documents that it had from the beginning.
      const hasOldRoutes = "userAgentData" in navigator && isOther(current);
      return await controlled(url, REPLACE_WITHIN).then(
        () => !hasOldRoutes,
        () => false,
      );
    },
    announce(identity, workers = [container?.controller, registration?.active]) {
      for (const worker of new Set(workers)) worker?.postMessage(seal({ ...identity, type: "announce" }));
    },
    forget() {
      if (registration) fetch(forgetUrl(script)).catch(() => undefined);
    },
    async disconnect() {
      if (!theirs) await registration?.unregister();
    },
  };
}
