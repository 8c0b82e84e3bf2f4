import { challengeOf } from "../../pipeline/challenge-of.ts";
import type { XhrCall, XhrHeaders } from "./xhr-call.ts";

/**
 * The attempts of one `XMLHttpRequest`. The page hears the events of the attempt that counts: those of an attempt that the
 * resource server has refused are kept from it until it is clear that no other follows. Its `upload` is over before the
 * server answers, so the page hears of the first one.
 */
export class XhrAttempts {
  readonly #call: XhrCall;
  readonly #request: Request;
  readonly #most: number;
  /** Whether the page hears nothing for now. */
  #isHidden = false;
  /** Events that the page is to hear if no other attempt follows. */
  #hidden: Event[] = [];
  /** Whether the page has heard the end of the upload. */
  #hasUploaded = false;
  #count = 0;
  #answer: { resolve(response: Response): void; reject(error: Error): void } | null = null;

  /** @param most the number of attempts that may be needed */
  constructor(call: XhrCall, request: Request, most: number) {
    this.#most = most;
    this.#call = call;
    this.#request = request;
    call.onEvent = (event) => this.#hear(event);
    call.onUploadEvent = (event) => this.#hearUpload(event);
  }

  /**
   * Sends the request. Resolves with status and headers of the response. Rejects when the request ended without one.
   *
   * @param added headers that the page has not set
   */
  async next(added: XhrHeaders): Promise<Response> {
    // Chromium mixes both responses if a request is opened anew while the event with the first one's headers is under way.
    if (this.#count > 0) await taskEnded();
    const isRepeatable = this.#count === 0 || this.#call.hearsFirst;
    if (this.#isAborted || !isRepeatable) throw new TypeError("The request cannot be sent any more");
    const answer = new Promise<Response>((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
    const isFirst = this.#count++ === 0;
    if (isFirst) this.#call.send(added);
    else this.#call.resend(added);
    this.#isHidden = false;
    this.#hidden = [];
    return await answer;
  }

  /** No other attempt follows: the page hears how the last one ended, or goes on. */
  settle(): void {
    const { xhr, state } = this.#call;
    this.#call.onEvent = () => undefined;
    if (state === "waiting" && this.#count === 0) return this.#call.fail();
    if (!this.#isHidden || state === "aborted") return;
    this.#call.state = "sent";
    // Listeners often act each time that they see the last state, so they hear of it once.
    if (xhr.readyState !== XMLHttpRequest.DONE) xhr.dispatchEvent(new Event("readystatechange"));
    for (const event of this.#hidden) if (!this.#isAborted) xhr.dispatchEvent(copyOfEvent(event));
  }

  get #isAborted(): boolean {
    return this.#call.state === "aborted";
  }

  #hear(event: Event): void {
    const { xhr, hearsFirst } = this.#call;
    const isChange = event.type === "readystatechange";
    if (isChange && xhr.readyState === XMLHttpRequest.HEADERS_RECEIVED) {
      const response = new XhrResponse(xhr);
      // The browser has a refused attempt no more: a page that aborts the request ends the wait for a new token.
      this.#isHidden =
        hearsFirst && this.#count < this.#most && challengeOf(this.#request, response) !== null;
      if (this.#isHidden) this.#call.state = "waiting";
      this.#answer?.resolve(response);
    }
    if (["error", "abort", "timeout"].includes(event.type))
      this.#answer?.reject(new TypeError("Failed to fetch"));
    if (!this.#isHidden || this.#isAborted) return;
    event.stopImmediatePropagation();
    if (!isChange || xhr.readyState === XMLHttpRequest.DONE) this.#hidden.push(event);
  }

  #hearUpload(event: Event): void {
    const isRepeated = this.#count > 1 && (event.type === "loadstart" || this.#hasUploaded);
    if (isRepeated) event.stopImmediatePropagation();
    else if (event.type === "loadend") this.#hasUploaded = true;
  }
}

/** Resolves in the next task. */
const taskEnded = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

const copyOfEvent = (event: Event): Event =>
  event instanceof ProgressEvent ? new ProgressEvent(event.type, event) : new Event(event.type);

/** The highest status that a `Response` may have. */
const HIGHEST_STATUS = 599;

/** Status, URL and headers of an `XMLHttpRequest` that has been answered. The body stays with the request. */
class XhrResponse extends Response {
  readonly #url: string;

  constructor(xhr: XMLHttpRequest) {
    const lines = xhr.getAllResponseHeaders().trim().split("\r\n").filter(Boolean);
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    // The page sees the server's own status. No status above the highest is a success or a refusal.
    super(null, { status: Math.min(xhr.status, HIGHEST_STATUS), headers });
    this.#url = xhr.responseURL;
  }

  override get url(): string {
    return this.#url;
  }
}
