/** The item of `sessionStorage` in which MSAL notes an interaction in progress. No second one can begin then. */
export const IN_PROGRESS = "msal.interaction.status";

/** Whether MSAL has noted an interaction, ours or the app's own. */
export const isInteractionInProgress = (): boolean => sessionStorage.getItem(IN_PROGRESS) !== null;

/** Takes MSAL's note away: the app's own buttons work again. */
export const endInteractionInProgress = (): void => sessionStorage.removeItem(IN_PROGRESS);
