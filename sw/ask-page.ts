import { type Answer, type Question, seal } from "../protocol/messages.ts";
import { readReply } from "../protocol/read-message.ts";

declare const self: ServiceWorkerGlobalScope;

/** How often the deadline, and whether the page is still there, are looked at: nobody tells a worker that it has gone. */
const LOOK_EVERY = 250;

/** Asks a page something; see `askPage`. */
export type AskPage = (page: Client, acknowledgeWithin: number) => Promise<Answer | null>;

/**
 * Asks a page and waits for its answer. A page says at once how long that may take; frozen, crashed and foreign pages
 * say nothing.
 *
 * @param acknowledgeWithin milliseconds
 * @returns the answer, or `null` when the page is silent or gone
 */
export function askPage(page: Client, question: Question, acknowledgeWithin: number): Promise<Answer | null> {
  const { port1: port, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    let deadline = Date.now() + acknowledgeWithin;
    const look = setInterval(async () => {
      // Not the other way round: a page can say any number, or none.
      if (!(Date.now() < deadline && (await self.clients.get(page.id)))) finish(null);
    }, LOOK_EVERY);
    const finish = (answer: Answer | null): void => {
      clearInterval(look);
      port.close();
      resolve(answer);
    };
    port.onmessage = ({ data }) => {
      const reply = readReply(data);
      if (reply?.type === "waiting") deadline = Date.now() + reply.milliseconds;
      else if (reply) finish(reply);
    };
    page.postMessage(seal(question), [port2]);
  });
}
