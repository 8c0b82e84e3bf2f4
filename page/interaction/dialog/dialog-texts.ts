/** All texts of the dialog. */
export interface DialogTexts {
  readonly title: string;
  /** The reason for the dialog, under the title: the session has ended. Says that a window opens. */
  readonly message: string;
  /** Stands in place of the message where no session has ended: the API wants another proof, or nobody is signed in. */
  readonly confirm: string;
  /** Replaces the title where the user has to consent. */
  readonly consentTitle: string;
  /** Stands in place of the message where the user has to consent to the app's access. */
  readonly consent: string;
  /** Replaces `continue` where the user has to consent. */
  readonly consentContinue: string;
  /** The button that opens the sign-in window. */
  readonly continue: string;
  /** The button that closes the dialog. */
  readonly decline: string;
  /** Replaces the message while the sign-in window is open. */
  readonly waiting: string;
  /** The button that brings the sign-in window to the front. */
  readonly show: string;
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
  message: "Your session has ended. Sign in again to continue. A window will open.",
  confirm: "To continue, your sign-in has to be confirmed. A window will open.",
  consentTitle: "Your permission is needed",
  consent: "To continue, allow this app to use your data. A window will open.",
  consentContinue: "Continue",
  continue: "Sign in",
  decline: "Not now",
  waiting: "Finish signing in in the window that has opened.",
  show: "Show the window",
  popupClosed: "The sign-in window was closed.",
  popupBlocked: "The browser blocked the sign-in window. Allow it, then try again.",
  failed: "Signing in did not work.",
  tryAgain: "Try again",
};
