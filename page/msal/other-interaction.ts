import { EventType, InteractionType, type IPublicClientApplication } from "@azure/msal-browser";
import { onMsalEvent } from "./events.ts";

/** Of MSAL before 5, where the first interaction of a user that fails raises no ACQUIRE_TOKEN_FAILURE. */
const LOGIN_FAILURE = "msal:loginFailure";

/**
 * Waits until an interaction that the app itself has begun has failed. One that succeeds settles ours, too.
 *
 * @throws the reason of `settled` once that aborts
 */
export const otherInteractionFailed = (msal: IPublicClientApplication, settled: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = onMsalEvent(
      msal,
      [EventType.ACQUIRE_TOKEN_FAILURE, LOGIN_FAILURE, EventType.LOGOUT_END],
      ({ interactionType }) => {
        if (interactionType !== InteractionType.Silent) resolve();
      },
    );
    settled.addEventListener("abort", () => {
      end();
      reject(settled.reason);
    });
  });
