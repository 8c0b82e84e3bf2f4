import type { Clock } from "../pipeline/clock.ts";
import type { Answer } from "../protocol/answers.ts";
import { seal } from "../protocol/messages.ts";
import type { Question } from "../protocol/questions.ts";
import { readReply } from "../protocol/read-from-page.ts";

/** How often the worker looks at the deadline and whether the page is still open. No event tells that a page has gone. */
const LOOK_EVERY = 250;

/** Asks a page, and waits for its answer; `null` when the page is silent or gone. */
export type AskPage = (page: Client, question: Question, acknowledgeWithin: number) => Promise<Answer | null>;

/**
 * Asks pages over a `MessageChannel` for each question. A page says at once how long its answer may take. Frozen, crashed
 * and foreign pages say nothing within `acknowledgeWithin` milliseconds. With Infinity the question stays with the page, and
 * costs nothing until the page says something.
 */
export const createAskPage =
  (clients: Pick<Clients, "get">, clock: Clock): AskPage =>
  (page, question, acknowledgeWithin) => {
    const { port1: port, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      let deadline = clock.elapsed() + acknowledgeWithin;
      let isDone = false;
      let cancel = (): void => undefined;
      const finish = (answer: Answer | null): void => {
        isDone = true;
        cancel();
        port.onmessage = null;
        port.close();
        resolve(answer);
      };
      const lookSoon = (): void => {
        cancel();
        cancel = clock.after(LOOK_EVERY, () => void look());
      };
      const look = async (): Promise<void> => {
        const isOpen = (await clients.get(page.id)) !== undefined;
        // The answer may have come meanwhile.
        if (isDone) return;
        // `!(now < deadline)` also catches NaN.
        if (!isOpen || !(clock.elapsed() < deadline)) finish(null);
        else lookSoon();
      };
      port.onmessage = ({ data }) => {
        const reply = readReply(data);
        if (reply?.type === "waiting") {
          deadline = clock.elapsed() + reply.milliseconds;
          lookSoon();
        } else if (reply) finish(reply);
      };
      if (acknowledgeWithin < Infinity) lookSoon();
      page.postMessage(seal(question), [port2]);
    });
  };
