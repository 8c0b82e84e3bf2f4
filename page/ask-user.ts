import { BearerWorkerError } from "../protocol/errors.ts";
import type { InteractionFunction, InteractionRequest } from "./interaction-request.ts";
import type { AccessToken } from "./token-source.ts";
import { isVisible } from "./visibility.ts";

/** What came of a question: a token, or `null` where it can be had silently now. */
export interface Outcome {
  readonly token: AccessToken | null;
}

/**
 * Asks the user once, from the first moment until they acted or the question is withdrawn: because they acted
 * elsewhere, or because they no longer see this page. While a popup is open, a hidden page still asks: on some systems
 * it is the popup that hides it.
 *
 * @param acquire opens a popup or leaves the page; its signal aborts when the question is over
 * @param acted aborts when the user acted elsewhere
 * @returns `null` when the question was withdrawn
 * @throws BearerWorkerError when the user declined, or whatever `ask` throws
 */
export async function askUser(
  ask: InteractionFunction,
  question: Pick<InteractionRequest, "resource" | "scopes" | "trouble">,
  acquire: (by: "popup" | "redirect", over: AbortSignal) => Promise<AccessToken>,
  acted: AbortSignal,
): Promise<Outcome | null> {
  const over = new AbortController();
  let popups = 0;
  const answered = new Promise<Outcome | null>((resolve, reject) => {
    const look = (): void => {
      if (!isVisible() && popups === 0) resolve(null);
    };
    const act = (by: "popup" | "redirect"): Promise<void> => {
      popups++;
      const acquired = acquire(by, over.signal).then(
        (token) => resolve({ token }),
        (error: unknown) => {
          popups--;
          if (by === "redirect") reject(error);
          // After whoever awaits this: for some the question is answered.
          setTimeout(look);
          throw error;
        },
      );
      // An app may leave it at that.
      acquired.catch(() => undefined);
      return acquired;
    };
    const decline = (): void =>
      reject(new BearerWorkerError("interaction_declined", "The user declined to sign in again"));
    const start = async () =>
      await ask({
        ...question,
        signal: over.signal,
        popup: () => act("popup"),
        redirect: () => act("redirect"),
        decline,
      });

    document.addEventListener("visibilitychange", look, over);
    acted.addEventListener("abort", () => resolve(null), over);
    if (acted.aborted) return resolve(null);
    start().then((answer) => {
      if (answer === false) decline();
      else if (answer) resolve({ token: null });
    }, reject);
  });
  return await answered.finally(() => over.abort());
}
