/** All texts of the dialog. */
export interface DialogTexts {
  readonly title: string;
  /** The reason for the dialog, under the title. */
  readonly message: string;
  /** The button that opens the sign-in window. */
  readonly continue: string;
  /** The button that closes the dialog. */
  readonly decline: string;
  /** Replaces the message while the sign-in window is open. */
  readonly waiting: string;
  /** Replaces the message after the user closed the sign-in window. */
  readonly popupClosed: string;
  /** Replaces the message after the browser blocked the sign-in window. */
  readonly popupBlocked: string;
  /** Replaces the message after signing in failed for another reason. */
  readonly failed: string;
  /** The button that opens the sign-in window again. */
  readonly tryAgain: string;
}

export const ENGLISH: DialogTexts = {
  title: "Please sign in again",
  message: "To show everything on this page, your sign-in has to be confirmed.",
  continue: "Continue",
  decline: "Not now",
  waiting: "Finish signing in in the window that has opened.",
  popupClosed: "The sign-in window was closed.",
  popupBlocked: "The browser blocked the sign-in window. Allow it, then try again.",
  failed: "Signing in did not work.",
  tryAgain: "Try again",
};
