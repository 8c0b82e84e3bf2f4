/**
 * Everything that page and worker say to each other. A question travels with a `MessagePort` of its own, so the port is
 * the correlation: there are no ids, and nothing to restore when the browser stops the worker.
 */

/** Rises when an older party could misunderstand a newer one. Both ignore messages of another version. */
export const PROTOCOL_VERSION = 1;

/** Worker to page, with a port: whose page are you? Answered by `waiting`, then `identity`. */
export interface IdentifyQuestion {
  type: "identify";
}

/** Worker to page, with a port: acquire an access token. Answered by `waiting`, then any other answer. */
export interface AcquireQuestion {
  type: "acquire";
  /**
   * Whose token: what the page gave as its identity. Empty where the worker does not know whose page this is: a page that
   * has given this token before gives it again, and any other its identity.
   */
  account: string;
  url: string;
  method: string;
  /** What the worker's map asks for, separated by spaces. A page whose map says otherwise gives no token. */
  scopes: string;
  /** `renewal` goes past the cache and never bothers the user. */
  purpose: "request" | "renewal";
  /** The `WWW-Authenticate` field with which the resource server refused the last token. */
  challenge: string | null;
}

/** Worker to page: what became of a request. Only for pages that observe. */
export interface ObservedNotice {
  type: "observed";
  request: ObservedRequest;
}

/**
 * Worker to page: a request is running. The page sends any message back at once: Firefox takes a worker that has had no
 * event for a while for idle, whatever it is doing, and a message is an event.
 */
export interface RunningNotice {
  type: "running";
}

/**
 * Worker to the page that made it, before a request is sent that should not be sent twice, and once it is answered. Should
 * the worker die in between, the browser may give the request to the next one.
 */
export interface SendingNotice {
  type: "sending";
  /** The name of a lock that the worker holds in between. */
  lock: string;
  /** Method and URL; `null` once it is answered. */
  request: string | null;
}

/** One request to a protected resource, as the worker saw it. Times are in milliseconds. */
export interface ObservedRequest {
  /** The key of the `protectedResourceMap` that matched. */
  resource: string;
  method: string;
  /** In the page's events without query and fragment, which may be secret. */
  url: string;
  /** @see https://fetch.spec.whatwg.org/#concept-request-destination */
  destination: string;
  /** Where the token came from. */
  token: "memory" | "page" | "none";
  /** Whether it was sent a second time with a new token, because the first was refused. */
  replayed: boolean;
  /** The response's status; 0 for a network error and for opaque responses. */
  status: number;
  /** When it reached the worker, since the epoch. */
  startedAt: number;
  /** Spent on getting a token. */
  tokenTime: number;
  /** Until the response's headers. */
  responseTime: number;
  /** How many messages the worker has ignored since it was started: malformed ones, and those of another version. */
  ignoredMessages: number;
}

export type Question = IdentifyQuestion | AcquireQuestion;
export type WorkerMessage = Question | ObservedNotice | RunningNotice | SendingNotice;

/** The page is alive, and its answer may take this long. Sent at once, and again when the user has to act. */
export interface Waiting {
  type: "waiting";
  milliseconds: number;
}

/** Whose page this is: an opaque string, or `null` when nobody is signed in. */
export interface Identity {
  type: "identity";
  account: string | null;
  /** Whether the page listens to `request` events. */
  observing: boolean;
  /** What workers that died have sent for this page and never answered: method and URL of each. */
  unanswered?: readonly string[];
}

export interface TokenAnswer {
  type: "token";
  account: string;
  accessToken: string;
  /** From here on it is not sent any more: it might end on its way. Milliseconds since the epoch. */
  endsAt: number;
  /** From here on its successor is fetched while it is still in use. Milliseconds since the epoch. */
  renewAt: number;
  /** As in `Identity`; pages of earlier versions do not say. */
  observing?: boolean;
  unanswered?: readonly string[];
}

/** There is no token for this request: it goes out as the page made it. */
export interface BareAnswer {
  type: "bare";
}

/** A token cannot be had now: the request fails as a network error. */
export interface UnavailableAnswer {
  type: "unavailable";
}

export type Answer = Identity | TokenAnswer | BareAnswer | UnavailableAnswer;
export type Reply = Waiting | Answer;

/**
 * Page to worker: I am here, take control of me, and this is my account. Sent when a page attaches, returns or changes
 * its account. A hard reload leaves a page without its worker.
 */
export interface AnnounceNotice extends Omit<Identity, "type"> {
  type: "announce";
}

/** A message on the wire: what is said, and in which version. */
type Wire<Message> = Message & { bearerWorker: typeof PROTOCOL_VERSION };

export const seal = <Message extends WorkerMessage | AnnounceNotice | Reply>(
  message: Message,
): Wire<Message> => ({
  ...message,
  bearerWorker: PROTOCOL_VERSION,
});
