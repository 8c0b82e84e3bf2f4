import { EventType, InteractionType, type IPublicClientApplication } from "@azure/msal-browser";

/** The item of `sessionStorage` in which MSAL notes an interaction in progress. No second one can begin then. */
const IN_PROGRESS = "msal.interaction.status";

/** Whether MSAL has noted an interaction, ours or the app's own. */
export const isInteractionInProgress = (): boolean => sessionStorage.getItem(IN_PROGRESS) !== null;

/** Takes MSAL's note away: the app's own buttons work again. */
export const endInteractionInProgress = (): void => sessionStorage.removeItem(IN_PROGRESS);

/**
 * Waits until an interaction that the app itself has begun has failed. One that succeeds settles ours, too.
 *
 * @throws the reason of `settled` once that aborts
 */
export const otherInteractionFailed = (msal: IPublicClientApplication, settled: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const id = msal.addEventCallback(
      ({ interactionType }) => {
        if (interactionType !== InteractionType.Silent) resolve();
      },
      [EventType.ACQUIRE_TOKEN_FAILURE, EventType.LOGOUT_END],
    );
    settled.addEventListener("abort", () => {
      if (id !== null) msal.removeEventCallback(id);
      reject(settled.reason);
    });
  });
