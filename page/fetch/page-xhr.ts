/** The methods of `XMLHttpRequest` that are replaced while the page serves calls. */
interface XhrMethods {
  open: (this: XMLHttpRequest, ...given: OpenArguments) => void;
  send: (this: XMLHttpRequest, body?: XhrBody) => void;
  setRequestHeader: (this: XMLHttpRequest, name: string, value: string) => void;
  abort: (this: XMLHttpRequest) => void;
}
type OpenArguments = [
  method: string,
  url: string | URL,
  isAsync?: boolean,
  user?: string | null,
  password?: string | null,
];
type XhrBody = Parameters<XMLHttpRequest["send"]>[0];

const EVENTS = [
  "readystatechange",
  "loadstart",
  "progress",
  "load",
  "loadend",
  "error",
  "abort",
  "timeout",
] as const;

export type XhrHeaders = readonly (readonly [name: string, value: string])[];

/** A request of an `XMLHttpRequest`, by the browser's own methods. */
export class XhrCall {
  readonly xhr: XMLHttpRequest;
  readonly method: string;
  readonly url: string;
  readonly headers: XhrHeaders[number][] = [];
  body: XhrBody = null;
  /** Hears each event of the request. If `hearsFirst`, it can keep the event from the page's own listeners. */
  onEvent: (event: Event) => void = () => undefined;
  readonly hearsFirst: boolean;
  /** `waiting`: for a token, and the browser has nothing to abort. */
  state: "opened" | "waiting" | "sent" | "aborted" = "opened";
  readonly #openArguments: OpenArguments;
  readonly #browser: XhrMethods;

  constructor(xhr: XMLHttpRequest, openArguments: OpenArguments, browser: XhrMethods, hearsFirst: boolean) {
    const [method, url, ...others] = openArguments;
    this.xhr = xhr;
    this.method = method;
    // A replay goes where the request went, whatever the document's URL is by then.
    this.url = new URL(url, document.baseURI).href;
    this.#openArguments = [method, this.url, ...others];
    this.#browser = browser;
    this.hearsFirst = hearsFirst;
  }

  /** Sends it the first time. */
  send(added: XhrHeaders): void {
    this.state = "sent";
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

/** The part that gives calls of `XMLHttpRequest` their tokens. */
export interface XhrPart {
  /** Sends it when its token has come, unless it was aborted before. Resolves once the browser has the last attempt. */
  readonly sendXhr: (call: XhrCall) => Promise<void>;
}

/**
 * Gives asynchronous requests of `XMLHttpRequest` to `load`'s part until `released`. They stay the browser's own: the part
 * decides when they are sent, and with which token.
 */
export function serveXhr(
  isProtected: (url: string | URL, method: string) => boolean,
  load: () => Promise<XhrPart>,
  released: AbortSignal,
): void {
  const prototype = XMLHttpRequest.prototype as XhrMethods;
  const { open, send, setRequestHeader, abort } = prototype;
  const browser: XhrMethods = { open, send, setRequestHeader, abort };
  const calls = new WeakMap<XMLHttpRequest, XhrCall>();
  const waiting = new Set<XhrCall>();
  /** Whether our listeners came before the page's, by object. */
  const heard = new WeakMap<XMLHttpRequest, { readonly first: boolean }>();
  const hear = (xhr: XMLHttpRequest): void => {
    for (const type of EVENTS) xhr.addEventListener(type, (event) => calls.get(xhr)?.onEvent(event));
  };

  // A listener that is added with the object comes before the page's own. Chromium calls listeners of an object that is in no
  // document in the order in which they were added, those that capture included.
  const original = window.XMLHttpRequest;
  const constructor = new Proxy(original, {
    construct(target, given: [], newTarget) {
      const xhr = Reflect.construct(target, given, newTarget) as XMLHttpRequest;
      heard.set(xhr, { first: true });
      hear(xhr);
      return xhr;
    },
  });

  const replacement: XhrMethods = {
    open(...given) {
      const earlier = calls.get(this);
      if (earlier) earlier.state = "aborted";
      calls.delete(this);
      const read = readOnce(given);
      open.apply(this, read);
      const [method, url, isAsync = true, user = null] = read;
      // A caller's own credentials are left alone.
      if (released.aborted || !isAsync || user !== null || !isProtected(url, method)) return;
      if (!heard.has(this)) {
        heard.set(this, { first: false });
        hear(this);
      }
      calls.set(this, new XhrCall(this, read, browser, heard.get(this)?.first ?? false));
    },
    setRequestHeader(name, value) {
      setRequestHeader.call(this, name, value);
      calls.get(this)?.headers.push([name, value]);
    },
    send(body = null) {
      const call = calls.get(this);
      if (!call || call.state === "sent" || this.readyState !== XMLHttpRequest.OPENED)
        return send.call(this, body);
      if (call.state === "waiting")
        throw new DOMException("The request has been sent already.", "InvalidStateError");
      call.state = "waiting";
      call.body = copyOf(body);
      waiting.add(call);
      void sendByPart(call, load).then(() => {
        waiting.delete(call);
        if (released.aborted) restore();
      });
    },
    abort() {
      const call = calls.get(this);
      if (call?.state === "waiting") call.abort();
      else abort.call(this);
    },
  };
  // A request that waits can still be aborted.
  const restore = (): void => {
    if (waiting.size > 0) return;
    // Another script may have wrapped these meanwhile.
    if (window.XMLHttpRequest === constructor) window.XMLHttpRequest = original;
    for (const name of Object.keys(browser) as (keyof XhrMethods)[])
      if (prototype[name] === replacement[name]) Object.assign(prototype, { [name]: browser[name] });
  };
  Object.assign(prototype, replacement);
  window.XMLHttpRequest = constructor;
  released.addEventListener("abort", restore);
}

/** The arguments as they are at the call: a URL object may name another URL each time that it is read. */
function readOnce(given: OpenArguments): OpenArguments {
  // The browser throws the error about a missing argument.
  if (given.length < 2) return given;
  const [method, url, ...others] = given;
  return [String(method), String(url), ...others];
}

/**
 * The body as it is at the call: the page may change or transfer it before it is sent. The browser sends the copy as it would
 * send the body. A string and a Blob cannot change.
 */
function copyOf(body: XhrBody): XhrBody {
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return new Blob([body]);
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (body instanceof Document) return body.cloneNode(true) as Document;
  if (!(body instanceof FormData)) return body;
  const copy = new FormData();
  for (const [name, value] of body) copy.append(name, value);
  return copy;
}

async function sendByPart(call: XhrCall, load: () => Promise<XhrPart>): Promise<void> {
  const part = await load().catch(() => null);
  if (call.state !== "waiting") return;
  if (part) await part.sendXhr(call);
  else call.send([]);
}
