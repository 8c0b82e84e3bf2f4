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
 * and foreign pages say nothing within `acknowledgeWithin` milliseconds.
 */
export const createAskPage =
  (clients: Pick<Clients, "get">, clock: Clock): AskPage =>
  (page, question, acknowledgeWithin) => {
    const { port1: port, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      let deadline = clock.elapsed() + acknowledgeWithin;
      let cancel = (): void => undefined;
      const finish = (answer: Answer | null): void => {
        cancel();
        port.onmessage = null;
        port.close();
        resolve(answer);
      };
      const look = async (): Promise<void> => {
        const isOpen = (await clients.get(page.id)) !== undefined;
        // `!(now < deadline)` also catches NaN.
        if (!isOpen || !(clock.elapsed() < deadline)) finish(null);
        else cancel = clock.after(LOOK_EVERY, () => void look());
      };
      port.onmessage = ({ data }) => {
        const reply = readReply(data);
        if (reply?.type === "waiting") deadline = clock.elapsed() + reply.milliseconds;
        else if (reply) finish(reply);
      };
      cancel = clock.after(LOOK_EVERY, () => void look());
      page.postMessage(seal(question), [port2]);
    });
  };
