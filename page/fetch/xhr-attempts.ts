import { challengeOf } from "../../pipeline/challenge-of.ts";
import type { XhrCall, XhrHeaders } from "./page-xhr.ts";

/**
 * The attempts of one `XMLHttpRequest`. The page hears the events of the attempt that counts: those of an attempt that the
 * resource server has refused are kept from it until it is clear that no other follows.
 */
export class XhrAttempts {
  readonly #call: XhrCall;
  readonly #request: Request;
  readonly #most: number;
  /** Whether the page hears nothing for now. */
  #isHidden = false;
  #isSettled = false;
  #count = 0;
  #answer: { resolve(response: Response): void; reject(error: Error): void } | null = null;

  /** @param most the number of attempts that may be needed */
  constructor(call: XhrCall, request: Request, most: number) {
    this.#most = most;
    this.#call = call;
    this.#request = request;
    call.onEvent = (event) => this.#hear(event);
  }

  /**
   * Sends the request. Resolves with status and headers of the response. Rejects when the request ended without one.
   *
   * @param added headers that the page has not set
   */
  next(added: XhrHeaders): Promise<Response> {
    const { state, hearsFirst } = this.#call;
    const isRepeatable = this.#count === 0 || hearsFirst;
    if (state === "aborted" || !isRepeatable)
      return Promise.reject(new TypeError("The request cannot be sent any more"));
    const answer = new Promise<Response>((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
    const isFirst = this.#count++ === 0;
    if (isFirst) this.#call.send(added);
    else this.#call.resend(added);
    this.#isHidden = false;
    return answer;
  }

  /** No other attempt follows: the page hears how the last one ended. */
  settle(): void {
    const { xhr, state } = this.#call;
    if (state === "waiting" && this.#count === 0) this.#call.fail();
    if (this.#isHidden && xhr.readyState !== XMLHttpRequest.DONE) {
      // The browser still receives the response that the page is to hear of.
      this.#isSettled = true;
      return;
    }
    this.#call.onEvent = () => undefined;
    if (!this.#isHidden || state === "aborted") return;
    this.#call.state = "sent";
    xhr.dispatchEvent(new Event("readystatechange"));
    for (const type of ["load", "loadend"]) xhr.dispatchEvent(new ProgressEvent(type));
  }

  #hear(event: Event): void {
    const { xhr, hearsFirst } = this.#call;
    if (event.type === "readystatechange" && xhr.readyState === XMLHttpRequest.HEADERS_RECEIVED) {
      const response = new XhrResponse(xhr);
      // The browser has a refused attempt no more: a page that aborts the request ends the wait for a new token.
      this.#isHidden =
        hearsFirst && this.#count < this.#most && challengeOf(this.#request, response) !== null;
      if (this.#isHidden) this.#call.state = "waiting";
      this.#answer?.resolve(response);
    }
    if (["error", "abort", "timeout"].includes(event.type))
      this.#answer?.reject(new TypeError("Failed to fetch"));
    if (this.#isHidden && this.#call.state !== "aborted") event.stopImmediatePropagation();
    if (this.#isSettled && event.type === "loadend") this.settle();
  }
}

/** Status, URL and headers of an `XMLHttpRequest` that has been answered. The body stays with the request. */
class XhrResponse extends Response {
  readonly #url: string;

  constructor(xhr: XMLHttpRequest) {
    const lines = xhr.getAllResponseHeaders().trim().split("\r\n").filter(Boolean);
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    super(null, { status: xhr.status, headers });
    this.#url = xhr.responseURL;
  }

  override get url(): string {
    return this.#url;
  }
}
