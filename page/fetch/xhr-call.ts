import type { XhrBody } from "./xhr-body.ts";

/** The browser's own methods of `XMLHttpRequest`. */
export interface XhrMethods {
  open: (this: XMLHttpRequest, ...given: OpenArguments) => void;
  send: (this: XMLHttpRequest, body?: XhrBody) => void;
  setRequestHeader: (this: XMLHttpRequest, name: string, value: string) => void;
  abort: (this: XMLHttpRequest) => void;
}
export type OpenArguments = [
  method: string,
  url: string | URL,
  isAsync?: boolean,
  user?: string | null,
  password?: string | null,
];

export type XhrHeaders = readonly (readonly [name: string, value: string])[];

/** Our listeners at an `XMLHttpRequest`. */
export interface XhrListeners {
  /** Whether they come before the page's, and so can keep events from it. */
  areFirst: boolean;
  /** Ends those at `upload`, which are there once the page has read that property. */
  upload: AbortController | null;
}

/** A request of an `XMLHttpRequest`, by the browser's own methods. */
export class XhrCall {
  readonly xhr: XMLHttpRequest;
  readonly method: string;
  readonly url: string;
  readonly headers: XhrHeaders[number][] = [];
  body: XhrBody = null;
  /** Hears each event of the request. If `hearsFirst`, it can keep the event from the page's own listeners. */
  onEvent: (event: Event) => void = () => undefined;
  /** The same for events of `upload`. */
  onUploadEvent: (event: Event) => void = () => undefined;
  /** `waiting`: for a token, and the browser has nothing to abort. */
  state: "opened" | "waiting" | "sent" | "aborted" = "opened";
  readonly #openArguments: OpenArguments;
  readonly #browser: XhrMethods;
  readonly #listeners: XhrListeners;

  constructor(
    xhr: XMLHttpRequest,
    openArguments: OpenArguments,
    browser: XhrMethods,
    listeners: XhrListeners,
  ) {
    const [method, url, ...others] = openArguments;
    this.xhr = xhr;
    this.method = method;
    // A replay goes where the request went, whatever the document's URL is by then.
    this.url = new URL(url, document.baseURI).href;
    this.#openArguments = [method, this.url, ...others];
    this.#browser = browser;
    this.#listeners = listeners;
  }

  get hearsFirst(): boolean {
    return this.#listeners.areFirst;
  }

  /** Sends it the first time. */
  send(added: XhrHeaders): void {
    this.state = "sent";
    if (added.length === 0) stopHearingUpload(this.#listeners);
    for (const header of added) this.#browser.setRequestHeader.call(this.xhr, ...header);
    this.#browser.send.call(this.xhr, this.body);
  }

  /** Sends it once more, in place of the first time. */
  resend(added: XhrHeaders): void {
    this.#browser.open.apply(this.xhr, this.#openArguments);
    for (const header of this.headers) this.#browser.setRequestHeader.call(this.xhr, ...header);
    this.send(added);
  }

  /** Ends it as a network error, with the browser's own events: the URL leads nowhere. */
  fail(): void {
    this.state = "sent";
    this.#browser.open.call(this.xhr, "GET", "blob:");
    this.#browser.send.call(this.xhr);
  }

  /** Ends it as an aborted request, with the browser's own events. */
  abort(): void {
    this.fail();
    this.state = "aborted";
    this.#browser.abort.call(this.xhr);
  }
}

/**
 * Removes our listeners at `upload`. With any listener there, the browser sends a preflight to another origin, so a request
 * without a token must go out without ours. Events of a later request can no longer be kept from the page.
 */
export function stopHearingUpload(listeners: XhrListeners): void {
  if (!listeners.upload) return;
  listeners.upload.abort();
  listeners.areFirst = false;
}
