import type { Reply } from "./answers.ts";
import type { PageAccount } from "./page-account.ts";
import type { Question } from "./questions.ts";
import type {
  FailedNotice,
  ObservedNotice,
  PendingNotice,
  ProofRefusedNotice,
  RunningNotice,
  SendingNotice,
} from "./request-notices.ts";

/**
 * Everything that page and worker say to each other. A question travels with a `MessagePort` of its own, so the port is
 * the correlation: there are no ids, and nothing to restore when the browser stops the worker.
 */

/** Rises when an older party could misunderstand a newer one. Both ignore messages of another version. */
export const PROTOCOL_VERSION = 2;

/**
 * Page to worker: this is my account. Sent as soon as a page knows its account, and when it has attached or detached, has another
 * worker, has replaced a worker that its requests bypassed, returns from the back-forward cache, changes its account,
 * forgets its tokens, or has its first `request` listener or loses its last.
 */
export interface AnnounceNotice {
  readonly type: "announce";
  readonly account: PageAccount;
  /** The page's map, as `mapText` writes it. */
  readonly map: string;
  readonly observing: boolean;
}

/**
 * Page to worker: take control of me. A hard reload leaves a page without its worker. A worker that waits for the old one is
 * kept alive until it is active. A worker sends a claim with a port back on it: so a page that finds its requests unanswered sees
 * whether this package is there.
 */
export interface ClaimNotice {
  readonly type: "claim";
}

/**
 * Worker to page, after an `announce`: no map of this worker has these entries of the page's map. A worker of the site's own
 * brings its maps itself, and can be older or newer than the page.
 */
export interface LackingNotice {
  readonly type: "lacking";
  /** Keys of the page's map. */
  readonly keys: readonly string[];
}

/**
 * Worker to page: a listener of the site's own worker answered a request of this page ahead of `registerTokenRoute`, without a
 * token, and the resource server refused the request.
 */
export interface PreemptedNotice {
  readonly type: "preempted";
}

export type WorkerMessage =
  | Question
  | PendingNotice
  | ObservedNotice
  | RunningNotice
  | SendingNotice
  | LackingNotice
  | ProofRefusedNotice
  | FailedNotice
  | PreemptedNotice;

export type PageNotice = AnnounceNotice | ClaimNotice;

type Sealed<Message> = Message & { readonly bearerWorker: number };

/** A message as it travels: it carries the version. */
export const seal = <Message extends WorkerMessage | PageNotice | Reply>(
  message: Message,
  version = PROTOCOL_VERSION,
): Sealed<Message> => ({ ...message, bearerWorker: version });
