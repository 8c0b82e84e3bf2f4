import { PREEMPTED_FIELD } from "../protocol/forget-url.ts";

type RespondWith = (this: FetchEvent, response: Response | PromiseLike<Response>) => void;

/** The parts that the watch over other listeners works with. */
interface WatchParts {
  /** The answer to a request that this package alone answers, if the request is one. */
  readonly ownAnswer: (request: Request) => Response | null;
  /** Whether the request would have had a token here. */
  readonly isProtected: (request: Request) => boolean;
  /** Tells the client that its request was refused, because another listener had sent it without a token. */
  readonly tell: (clientId: string) => void;
}

/** The browser's own function. */
let respondWith: RespondWith | null = null;

/** Events whose requests are answered by a strategy that attaches tokens itself. */
const authorized = new WeakSet<ExtendableEvent>();

/** Notes that another listener's answer to this event has a token if there is one to be had. */
export function noteAuthorized(event: ExtendableEvent): void {
  authorized.add(event);
}

/** Answers a request on behalf of this package. */
export function answerWith(event: FetchEvent, response: Response | Promise<Response>): void {
  if (respondWith) respondWith.call(event, response);
  else event.respondWith(response);
}

/**
 * Watches a worker of the site's own for listeners that answer protected requests. An answer stops the event, so a listener
 * that was added later hears nothing of it, and `respondWith` itself is the only place that does. A listener can begin to
 * answer at any time.
 *
 * An answer from a cache is the site's to give. A 401 is a token that was needed.
 *
 * @see https://w3c.github.io/ServiceWorker/#fetch-event-respondwith
 */
export function watchOtherListeners({ ownAnswer, isProtected, tell }: WatchParts): void {
  const native = Reflect.get(FetchEvent.prototype, "respondWith") as RespondWith;
  respondWith = native;
  FetchEvent.prototype.respondWith = function (this: FetchEvent, response) {
    const { clientId, request } = this;
    const own = ownAnswer(request);
    if (own) {
      own.headers.set(PREEMPTED_FIELD, "1");
      return native.call(this, own);
    }
    native.call(this, response);
    if (!isProtected(request)) return;
    Promise.resolve(response).then(
      ({ status }) => status === 401 && !authorized.has(this) && tell(clientId),
      () => undefined,
    );
  };
}
