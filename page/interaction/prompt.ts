import { type Clock, pause } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { codeOf, showDialog } from "./dialog/dialog.ts";
import { dialogLanguage, preloadLanguage } from "./dialog/dialog-language.ts";
import type { DialogTexts } from "./dialog/dialog-texts.ts";
import type { InteractionFunction, InteractionMode, InteractionRequest } from "./interaction-request.ts";

/** Texts in place of the built-in ones. A function is called each time the dialog opens. */
export type GivenTexts = Partial<DialogTexts> | (() => Partial<DialogTexts>);

/** The function that brings the user to act: the site's own, or the built-in one. */
export function interactionFunction(
  interaction: InteractionMode,
  texts: GivenTexts,
  clock: Clock,
): InteractionFunction {
  if (typeof interaction === "function") return interaction;
  switch (interaction) {
    case "prompt":
      return prompt(texts, clock);
    case "popup":
      return ({ popup }) => popup();
    case "redirect":
      return ({ redirect }) => redirect();
    case "none":
      return neverAsk;
    default:
      return interaction satisfies never;
  }
}

/** @throws BearerWorkerError `interaction_disabled` */
export function neverAsk(): never {
  throw new BearerWorkerError(
    "interaction_disabled",
    'The user has to sign in again, but the option `interaction` is "none". Sign them in with the identity library.',
  );
}

/** How often a page with an open popup looks whether it has the focus, in milliseconds. */
const LOOK_EVERY = 250;

/**
 * Opens the popup at once while the click that led to the request still counts. Otherwise a dialog offers a button that
 * opens it, since browsers block a popup without a click. The dialog shows as
 * well when the user comes back to this page and the popup is still open: it may be lost behind other windows.
 */
function prompt(given: GivenTexts, clock: Clock): InteractionFunction {
  const pageLanguage = (): string => document.documentElement.lang;
  // After a deployment the server may not have the chunk of this language any more.
  preloadLanguage(pageLanguage());
  return async (request) => {
    const { popup, signal } = request;
    let { trouble } = request;
    let opened: Promise<void> | null = null;
    if (!trouble && navigator.userActivation?.isActive) {
      opened = popup();
      const failed = opened.then(() => null, codeOf);
      trouble = await Promise.race([failed, userIsBack(request, clock)]);
      if (trouble) opened = null;
    }
    const { lang, dir, texts } = await dialogLanguage(pageLanguage(), clock, signal);
    if (signal.aborted) return;
    const own = typeof given === "function" ? given() : given;
    // The site's own texts for a language without built-in ones have the language and the direction of the page.
    const isBuiltIn = lang !== "en" || Object.keys(own).length === 0;
    showDialog({ ...request, trouble }, opened, { ...texts, ...own }, isBuiltIn ? { lang, dir } : {});
  };
}

/**
 * Resolves once this page has had the focus for a moment while its popup is open, or the question is over. A popup that
 * has done its work gives the focus back and closes, and one that opens takes the focus a little later.
 */
async function userIsBack({ isPopupOpen, signal }: InteractionRequest, clock: Clock): Promise<null> {
  for (let seen = 0; seen < 2 && !signal.aborted;) {
    await pause(clock, LOOK_EVERY);
    seen = document.hasFocus() && isPopupOpen() ? seen + 1 : 0;
  }
  return null;
}
