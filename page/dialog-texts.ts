/** Everything that the dialog says. */
export interface DialogTexts {
  readonly title: string;
  /** Why it is there, under the title. */
  readonly message: string;
  /** The button that opens the sign-in window. */
  readonly continue: string;
  /** The button that closes the dialog. */
  readonly decline: string;
  /** Instead of the message, while the sign-in window is open. */
  readonly waiting: string;
  /** Instead of the message, when the user closed the sign-in window. */
  readonly popupClosed: string;
  /** Instead of the message, when the browser let no window open. */
  readonly popupBlocked: string;
  /** Instead of the message, when signing in came to nothing for another reason. */
  readonly failed: string;
  /** The button that opens the sign-in window once more. */
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
