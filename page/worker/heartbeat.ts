import type { Clock } from "../../pipeline/clock.ts";
import type { Answer, Reply, Waiting } from "../../protocol/answers.ts";

/** How often a page that is asked says that it is alive, and for how many milliseconds the worker believes it. */
const EVERY = 1_000;
const BELIEVED = 3_000;

/** A question that the page is about to answer. */
export interface Alive {
  /** Names a longer time, which stands in place of the heartbeat. */
  readonly say: (waiting: Waiting) => void;
  /** Gives the answer. */
  readonly end: (answer: Answer) => void;
}

/**
 * Lets the worker wait as long as this page lives, and no longer: a page that freezes says nothing more, and is passed over
 * for the next. Browsers slow a hidden page's clock down, so a hidden page is believed at once for all the time it may need.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #isHidden: () => boolean;
  readonly #answerWithin: number;

  /** @param answerWithin the milliseconds that an answer without the user may take */
  constructor(clock: Clock, isHidden: () => boolean, answerWithin: number) {
    this.#clock = clock;
    this.#isHidden = isHidden;
    this.#answerWithin = answerWithin;
  }

  start(say: (reply: Reply) => void): Alive {
    let cancel = (): void => undefined;
    // The identity library may have to get ready first, which takes as long at most.
    const end = this.#clock.elapsed() + 2 * this.#answerWithin;
    const beat = (): void => {
      // A later answer never comes: a file that it needs may not load.
      if (this.#clock.elapsed() >= end) return;
      say({ type: "waiting", milliseconds: this.#isHidden() ? this.#answerWithin : BELIEVED });
      cancel = this.#clock.after(EVERY, beat);
    };
    beat();
    const stop = (): void => cancel();
    return {
      say: (waiting) => {
        stop();
        say(waiting);
      },
      end: (answer) => {
        stop();
        say(answer);
      },
    };
  }
}
