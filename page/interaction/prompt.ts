import type { Clock } from "../../pipeline/clock.ts";
import { BearerWorkerError } from "../../protocol/errors.ts";
import { codeOf, showDialog } from "./dialog/dialog.ts";
import { dialogLanguage, preloadLanguage } from "./dialog/dialog-language.ts";
import type { DialogTexts } from "./dialog/dialog-texts.ts";
import type { InteractionFunction, InteractionMode } from "./interaction-request.ts";

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

/**
 * Opens the popup at once while the click that led to the request still counts. Otherwise a dialog offers a button that
 * opens it, since browsers block a popup without a click.
 */
function prompt(given: GivenTexts, clock: Clock): InteractionFunction {
  const pageLanguage = (): string => document.documentElement.lang;
  // After a deployment the server may not have the chunk of this language any more.
  preloadLanguage(pageLanguage());
  return async (request) => {
    const { popup, signal } = request;
    let { trouble } = request;
    if (!trouble && navigator.userActivation?.isActive) {
      trouble = await popup().then(() => null, codeOf);
      if (!trouble || signal.aborted) return;
    }
    const { lang, dir, texts } = await dialogLanguage(pageLanguage(), clock, signal);
    if (signal.aborted) return;
    const own = typeof given === "function" ? given() : given;
    // The site's own texts for a language without built-in ones have the language and the direction of the page.
    const isBuiltIn = lang !== "en" || Object.keys(own).length === 0;
    showDialog({ ...request, trouble }, { ...texts, ...own }, isBuiltIn ? { lang, dir } : {});
  };
}
