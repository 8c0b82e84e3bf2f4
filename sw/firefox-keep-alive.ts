import { type Clock, pause } from "../pipeline/clock.ts";
import { seal } from "../protocol/messages.ts";
import type { OpenPages } from "./open-pages.ts";

/**
 * Firefox cuts streams 30 seconds after a worker's last event, and answers that are due after 60. A message from a page is
 * an event, so the pages are asked for one this often while a request runs.
 */
const ASK_EVERY = 10_000;
/**
 * A body that takes longer, in milliseconds, is not kept up any more. A response may lack its entry in the timeline: it would
 * count as running for ever.
 */
const BODY_WITHIN = 3_600_000;

/** Firefox alone has no `Request.body`, and Firefox alone needs this. */
export const isNeeded = (): boolean => !("body" in Request.prototype);

/** A request that runs. It has ended once the bodies of all its responses have. */
interface Running {
  readonly url: string;
  readonly clientId: string;
  ended: number;
  /** Not known before the last response is there. */
  responses: number;
  /** The end of the wait for the bodies, by `Clock.elapsed`. */
  until: number;
}

/** Keeps the worker alive while requests run. */
export class FirefoxKeepAlive {
  readonly #running = new Set<Running>();
  readonly #pages: OpenPages;
  readonly #clock: Clock;
  #isAsking = false;

  constructor(pages: OpenPages, clock: Clock) {
    this.#pages = pages;
    this.#clock = clock;
  }

  /**
   * Counts a request as running.
   *
   * @returns to be called with the number of responses that the request has had, when the last one is there
   */
  start(url: string, clientId: string): (responses: number) => void {
    const running: Running = { url, clientId, ended: 0, responses: Infinity, until: Infinity };
    this.#running.add(running);
    void this.#askPages();
    return (responses) => {
      running.responses = responses;
      running.until = this.#clock.elapsed() + BODY_WITHIN;
      this.#settle(running);
    };
  }

  /** Takes note that the body of a response to this URL has ended. Only the worker's own timeline tells. */
  noteEnd(url: string): void {
    for (const running of this.#running) {
      if (running.url !== url) continue;
      running.ended++;
      this.#settle(running);
      return;
    }
  }

  #settle(running: Running): void {
    if (running.ended >= running.responses) this.#running.delete(running);
  }

  async #askPages(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#running.size > 0) {
      await pause(this.#clock, ASK_EVERY);
      await this.#dropStale();
      if (this.#running.size === 0) break;
      for (const page of await this.#pages.all()) page.postMessage(seal({ type: "running" }));
    }
    this.#isAsking = false;
  }

  /** A response whose client is gone may never get a timing entry, and any other may lack one. */
  async #dropStale(): Promise<void> {
    for (const running of this.#running) {
      if (this.#clock.elapsed() >= running.until) this.#running.delete(running);
      const isGone = running.clientId !== "" && !(await this.#pages.find(running.clientId));
      if (isGone) this.#running.delete(running);
    }
  }
}
