import {
  forgetUrl,
  type Identity,
  PROTOCOL_VERSION,
  type ObservedRequest,
  type Question,
  readWorkerMessage,
  type Reply,
  seal,
} from "../protocol/messages.ts";
import type { ResourceEntry } from "../protocol/resource-map.ts";
import { encodeWorkerUrl } from "../protocol/worker-url.ts";
import type { Settings } from "./options.ts";
import { unansweredRequests } from "./unanswered-requests.ts";
import { CONTROL_WITHIN, controlled, registerWorker, REPLACE_WITHIN } from "./worker-registration.ts";

/** The page's end of its talk with the worker. */
export interface WorkerLink {
  /** The URL that only the worker answers. */
  readonly forgetUrl: string;
  /** The version of the protocol that this page speaks. */
  readonly version: number;
  /** Whether the page's requests go through the worker already. */
  readonly isInControl: boolean;
  /**
   * Whether the page was loaded with another map. Chromium keeps the static routes of that map's worker for as long as
   * the document lives, whatever worker controls it: what the map adds does not reach the new one until the next page.
   */
  readonly hasOldRoutes: boolean;
  /**
   * Registers the worker, and waits until it controls the page; not for long where the page has old routes.
   *
   * @throws BearerWorkerError as `registerWorker` and `controlled` do
   */
  connect(): Promise<void>;
  /** Tells the workers that this page deals with, its controller and the one that replaces it, whose page it is. */
  announce(identity: Identity): void;
  /** Empties the worker, ahead of every request that the page makes from now on. */
  forget(): void;
  /** Unregisters the worker, unless it is the site's own. */
  disconnect(): Promise<void>;
}

/** What the page does with what the worker says. */
export interface WorkerListener {
  answer(question: Question, reply: (message: Reply) => void): Promise<void>;
  observe(request: ObservedRequest): void;
  /** A question that this page does not understand. */
  misread(question: unknown, port: MessagePort): void;
}

/**
 * Listens to the worker from now on: requests that the page's HTML made may be waiting for an answer already.
 *
 * @throws BearerWorkerError `resource_map_too_large`
 */
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
  const unanswered = unansweredRequests();

  const answer = async (question: Question, port: MessagePort): Promise<void> => {
    const left = question.type === "identify" || question.account === "" ? await unanswered.left() : null;
    await listener.answer(question, (reply) =>
      port.postMessage(seal(left && "account" in reply ? { ...reply, unanswered: left } : reply)),
    );
  };

  container?.addEventListener("message", ({ isTrusted, source, data, ports: [port] }) => {
    // What a script dispatches here can name any source.
    if (!isTrusted || !(source instanceof ServiceWorker)) return;
    if (new URL(source.scriptURL).pathname !== script.pathname) return;
    const message = readWorkerMessage(data);
    if (message?.type === "observed") listener.observe(message.request);
    else if (message?.type === "running") source.postMessage(seal(message));
    else if (message?.type === "sending") unanswered.note(message);
    else if (message && port) void answer(message, port);
    else if (port) listener.misread(data, port);
  });
  container?.startMessages();

  /** A worker that waits for the old one to finish stays for the page that has asked it for control. */
  const greet = (worker: ServiceWorker | null | undefined): void =>
    worker?.postMessage(seal({ type: "announce", account: null, observing: false }));

  const current = container?.controller?.scriptURL;
  const hasOldRoutes =
    "userAgentData" in navigator && current !== script.href && !!current?.includes("bearer-worker=");
  return {
    forgetUrl: forgetUrl(script),
    version: PROTOCOL_VERSION,
    isInControl: current === script.href,
    hasOldRoutes,
    async connect() {
      registration ??= await registerWorker(script, settings.scope);
      registration.addEventListener("updatefound", () => greet(registration?.installing));
      greet(registration.waiting);
      if (!hasOldRoutes) await controlled(script, CONTROL_WITHIN);
      // Chromium keeps a worker in control for as long as it has requests of other pages under way.
      else await controlled(script, REPLACE_WITHIN).catch(() => undefined);
    },
    announce(identity) {
      for (const worker of new Set([container?.controller, registration?.active])) {
        worker?.postMessage(seal({ ...identity, type: "announce" }));
      }
    },
    forget() {
      if (registration) fetch(forgetUrl(script)).catch(() => undefined);
    },
    async disconnect() {
      if (!theirs) await registration?.unregister();
    },
  };
}
