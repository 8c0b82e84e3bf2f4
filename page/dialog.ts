import type { BearerWorkerError, BearerWorkerErrorCode } from "../protocol/errors.ts";
import { type DialogLanguage, dialogLanguage } from "./dialog-language.ts";
import type { DialogTexts } from "./dialog-texts.ts";
import type { InteractionFunction, InteractionRequest } from "./interaction-request.ts";

/**
 * It lives in a shadow root. The custom properties are the page's to set, and its `color-scheme` counts. The transparent
 * borders are what forced colours show of a button. Nothing moves, so there is nothing to reduce.
 */
const STYLE = `
:host { display: contents }
dialog {
  box-sizing: border-box;
  width: min(26rem, 100vw - 2rem);
  padding: 1.5rem;
  border: 1px solid var(--bearer-worker-border, #8888);
  border-radius: var(--bearer-worker-radius, 12px);
  background: var(--bearer-worker-background, Canvas);
  color: var(--bearer-worker-color, CanvasText);
  font: 1rem/1.5 var(--bearer-worker-font, system-ui);
  text-align: start;
  overflow-wrap: anywhere;
  box-shadow: 0 12px 40px #0004;
}
::backdrop { background: var(--bearer-worker-backdrop, #0007) }
h2 { margin: 0; font-size: 1.25rem }
p { margin: .5rem 0 1.25rem }
div { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: end }
button {
  min-height: 2.75rem;
  padding: .25rem 1.1rem;
  border: 1px solid #808791;
  border-radius: calc(var(--bearer-worker-radius, 12px) * 2 / 3);
  background: none;
  color: inherit;
  font: inherit;
  cursor: pointer;
}
[autofocus] {
  border-color: transparent;
  background: var(--bearer-worker-accent, #2f6fd0);
  color: var(--bearer-worker-accent-color, #fff);
}
:focus-visible { outline: 3px solid var(--bearer-worker-color, CanvasText); outline-offset: 2px }
`;

/**
 * The popup opens at once while the click that led here still counts; else a dialog offers a button for it: a popup
 * needs a click.
 *
 * @param texts in place of those in the page's language; asked for each time, so that they can follow it
 */
export function signInDialog(
  texts: Partial<DialogTexts> | (() => Partial<DialogTexts>),
): InteractionFunction {
  const inPageLanguage = () => dialogLanguage(document.documentElement.lang);
  // When the dialog is needed, the server may have it no more.
  void inPageLanguage();
  return async (request) => {
    let { trouble } = request;
    if (!trouble && navigator.userActivation?.isActive) {
      trouble = await request.popup().then(() => null, codeOf);
      if (!trouble || request.signal.aborted) return;
    }
    const language = await inPageLanguage();
    // Nobody may be left to ask by now.
    if (request.signal.aborted) return;
    showDialog(request, language, typeof texts === "function" ? texts() : texts, trouble);
  };
}

/** The dialog stays while the popup is open, and until the question is over. */
function showDialog(
  { popup, decline, signal }: InteractionRequest,
  { lang, dir, texts: ours }: DialogLanguage,
  given: Partial<DialogTexts>,
  trouble: BearerWorkerErrorCode | null,
): void {
  const texts = { ...ours, ...given };
  const troubleText = (code: BearerWorkerErrorCode): string =>
    code === "popup_closed"
      ? texts.popupClosed
      : code === "popup_blocked"
        ? texts.popupBlocked
        : texts.failed;
  const host = document.createElement("div");
  // Texts that were given for a language that is not ours are in the page's own, with its direction.
  if (lang !== "en" || Object.keys(given).length === 0) Object.assign(host, { lang, dir });
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  const add = <Name extends "dialog" | "h2" | "p" | "div" | "button">(
    parent: Node,
    name: Name,
    text = "",
  ) => {
    const element = document.createElement(name);
    element.textContent = text;
    return parent.appendChild(element);
  };
  const dialog = add(shadow, "dialog");
  const title = add(dialog, "h2", texts.title);
  const text = add(dialog, "p", trouble ? troubleText(trouble) : texts.message);
  const buttons = add(dialog, "div");
  const no = add(buttons, "button", texts.decline);
  const go = add(buttons, "button", trouble ? texts.tryAgain : texts.continue);
  title.id = "title";
  text.id = text.role = "status";
  dialog.setAttribute("aria-labelledby", "title");
  dialog.setAttribute("aria-describedby", "status");
  go.autofocus = true;

  let latest: Promise<void>;
  go.onclick = () => {
    text.textContent = texts.waiting;
    go.textContent = texts.tryAgain;
    const opened = (latest = popup());
    opened.catch((error: unknown) => {
      // An earlier popup fails because of this one.
      if (opened === latest) text.textContent = troubleText(codeOf(error));
    });
  };
  no.onclick = () => dialog.close();
  // Escape closes it, too. A question that is over can no longer be declined.
  dialog.onclose = decline;
  // Closing gives the focus back to where it was.
  signal.addEventListener("abort", () => {
    dialog.close();
    host.remove();
  });
  // Outside of the body, which pages make inert or replace.
  document.documentElement.append(host);
  dialog.showModal();
}

const codeOf = (error: unknown): BearerWorkerErrorCode => (error as BearerWorkerError).code;
