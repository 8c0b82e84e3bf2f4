import type { Reply } from "../protocol/messages.ts";
import { ANSWER_WITHIN } from "./acquisition.ts";

/** How often a page that is asked says that it is alive, and for how many milliseconds it is believed. */
const EVERY = 1_000;
const BELIEVED = 3_000;

/**
 * Lets the worker wait as long as this page lives, and no longer: one that freezes says nothing more, and is passed over
 * for the next. Browsers slow a hidden page's clock down, so that one is believed at once for all the time it may need.
 *
 * @returns replies, which ends it
 */
export function signOfLife(reply: (message: Reply) => void): (message: Reply) => void {
  const say = (): void =>
    reply({ type: "waiting", milliseconds: document.hidden ? ANSWER_WITHIN : BELIEVED });
  say();
  const timer = setInterval(say, EVERY);
  return (message) => {
    clearInterval(timer);
    reply(message);
  };
}
