import { copyOf } from "./xhr-body.ts";
import {
  type OpenArguments,
  stopHearingUpload,
  XhrCall,
  type XhrListeners,
  type XhrMethods,
} from "./xhr-call.ts";

const PROGRESS_EVENTS = ["loadstart", "progress", "load", "loadend", "error", "abort", "timeout"] as const;

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
  const heard = new WeakMap<XMLHttpRequest, XhrListeners>();
  const hear = (xhr: XMLHttpRequest, areFirst: boolean): XhrListeners => {
    const listeners: XhrListeners = { areFirst, upload: null };
    heard.set(xhr, listeners);
    for (const type of ["readystatechange", ...PROGRESS_EVENTS])
      xhr.addEventListener(type, (event) => calls.get(xhr)?.onEvent(event));
    return listeners;
  };

  // A listener that is added with the object comes before the page's own. Chromium calls listeners of an object that is in no
  // document in the order in which they were added, those that capture included.
  const original = window.XMLHttpRequest;
  const constructor = new Proxy(original, {
    construct(target, given: [], newTarget) {
      const xhr = Reflect.construct(target, given, newTarget) as XMLHttpRequest;
      hear(xhr, true);
      return xhr;
    },
  });

  /** The request that is about to be opened, if it is to have a token. */
  const served = (xhr: XMLHttpRequest, given: OpenArguments): XhrCall | undefined => {
    const [method, url, isAsync, user, password] = given;
    // An argument that is given counts, though it be `undefined`.
    if (released.aborted || given.length < 2 || (given.length > 2 && !isAsync)) return undefined;
    // A caller's own credentials are left alone.
    if ((user ?? password ?? null) !== null || !isProtected(url, method)) return undefined;
    return new XhrCall(xhr, given, browser, heard.get(xhr) ?? hear(xhr, false));
  };
  const keep = (xhr: XMLHttpRequest, call: XhrCall | undefined): void => {
    if (call) calls.set(xhr, call);
    else calls.delete(xhr);
  };
  const end = (call: XhrCall): void => {
    waiting.delete(call);
    if (released.aborted) restore();
  };
  const refuseWaiting = (xhr: XMLHttpRequest): void => {
    if (calls.get(xhr)?.state === "waiting")
      throw new DOMException("The request has been sent already.", "InvalidStateError");
  };

  const methods: XhrMethods = {
    open(...given) {
      const read = readOnce(given);
      const earlier = calls.get(this);
      // A listener may set headers and send as soon as the browser has opened the request.
      keep(this, served(this, read));
      try {
        open.apply(this, read);
      } catch (error) {
        // The browser goes on with the earlier request.
        keep(this, earlier);
        throw error;
      }
      if (!earlier) return;
      earlier.state = "aborted";
      end(earlier);
    },
    setRequestHeader(name, value) {
      refuseWaiting(this);
      setRequestHeader.call(this, name, value);
      calls.get(this)?.headers.push([name, value]);
    },
    send(body = null) {
      const call = calls.get(this);
      const listeners = heard.get(this);
      if (!call && listeners) stopHearingUpload(listeners);
      if (!call || call.state === "sent" || this.readyState !== XMLHttpRequest.OPENED)
        return send.call(this, body);
      refuseWaiting(this);
      call.body = copyOf(body);
      call.state = "waiting";
      waiting.add(call);
      void sendByPart(call, load).finally(() => end(call));
    },
    abort() {
      const call = calls.get(this);
      if (call?.state === "waiting") call.abort();
      else abort.call(this);
    },
  };
  const upload = descriptorOf(prototype, "upload");
  const withCredentials = descriptorOf(prototype, "withCredentials");
  const replacements = {
    ...Object.fromEntries(
      Object.entries(methods).map(([name, value]) => [name, { value: value as unknown }]),
    ),
    upload: {
      get(this: XMLHttpRequest): XMLHttpRequestUpload {
        const target = upload?.get?.call(this) as XMLHttpRequestUpload;
        const listeners = heard.get(this);
        if (listeners?.areFirst && !listeners.upload) {
          listeners.upload = new AbortController();
          for (const type of PROGRESS_EVENTS)
            target.addEventListener(type, (event) => calls.get(this)?.onUploadEvent(event), listeners.upload);
        }
        return target;
      },
    },
    withCredentials: {
      set(this: XMLHttpRequest, value: boolean): void {
        refuseWaiting(this);
        withCredentials?.set?.call(this, value);
      },
    },
  };

  const undo = Object.entries(replacements).map(([name, replacement]) =>
    replace(prototype, name, replacement),
  );
  window.XMLHttpRequest = constructor;
  // A request that waits can still be aborted.
  const restore = (): void => {
    if (waiting.size > 0) return;
    // Another script may have wrapped these meanwhile.
    if (window.XMLHttpRequest === constructor) window.XMLHttpRequest = original;
    for (const undoOne of undo) undoOne();
  };
  released.addEventListener("abort", restore);
}

/** Replaces a part of a property. Gives the way back, which leaves the property to a script that has replaced it, too. */
function replace(object: object, name: string, replacement: PropertyDescriptor): () => void {
  const before = descriptorOf(object, name);
  if (!before) return () => undefined;
  const ours: PropertyDescriptor = { ...before, ...replacement };
  Object.defineProperty(object, name, ours);
  return () => {
    const now = Object.getOwnPropertyDescriptor(object, name);
    const isOurs = now?.value === ours.value && now?.get === ours.get && now?.set === ours.set;
    if (isOurs) Object.defineProperty(object, name, before);
  };
}

/** A property of an object, or of the first prototype that has it. */
function descriptorOf(object: object, name: string): PropertyDescriptor | undefined {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const parent = Object.getPrototypeOf(object) as object | null;
  return own ?? (parent ? descriptorOf(parent, name) : undefined);
}

/** The arguments as they are at the call: a URL object may name another URL each time that it is read. */
function readOnce(given: OpenArguments): OpenArguments {
  // The browser throws the error about a missing argument.
  if (given.length < 2) return given;
  const [method, url, ...others] = given;
  return [String(method), String(url), ...others];
}

async function sendByPart(call: XhrCall, load: () => Promise<XhrPart>): Promise<void> {
  const part = await load().catch(() => null);
  if (call.state !== "waiting") return;
  if (part) await part.sendXhr(call);
  else call.send([]);
}
