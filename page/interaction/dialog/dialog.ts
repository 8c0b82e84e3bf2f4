import { BearerWorkerError, type BearerWorkerErrorCode } from "../../../protocol/errors.ts";
import type { InteractionRequest } from "../interaction-request.ts";
import type { DialogTexts } from "./dialog-texts.ts";

/**
 * The style of a shadow root. The page sets the custom properties and `color-scheme`. In forced-colors mode the browser
 * shows the transparent borders of the buttons. Nothing moves, so `prefers-reduced-motion` needs no rule.
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

/** How often the dialog comes back after a script has removed it. Two scripts could go on for ever. */
const RETURNS = 10;

/** The `lang` and `dir` attributes of the dialog. Without them, those of the page count. */
export type LanguageAttributes = Partial<Record<"lang" | "dir", string>>;

/**
 * Shows the dialog until `signal` aborts. It stays open while the popup is.
 *
 * @param opened the outcome of the popup that is open already
 */
export function showDialog(
  { popup, decline, signal, trouble, reason }: InteractionRequest,
  opened: Promise<void> | null,
  texts: DialogTexts,
  attributes: LanguageAttributes,
): void {
  const host = Object.assign(document.createElement("div"), attributes);
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];

  const dialog = append(shadow, "dialog");
  const isConsent = reason === "consent";
  const title = append(dialog, "h2", isConsent ? texts.consentTitle : texts.title);
  title.id = "title";
  dialog.setAttribute("aria-labelledby", title.id);
  const status = append(dialog, "p");
  status.id = "status";
  status.role = "status";
  dialog.setAttribute("aria-describedby", status.id);
  const buttons = append(dialog, "div");
  const declineButton = append(buttons, "button", texts.decline);
  const continueButton = append(buttons, "button");
  continueButton.autofocus = true;

  const say = (message: string, action: string): void => {
    status.textContent = message;
    continueButton.textContent = action;
  };
  let latest: Promise<void> | null = null;
  const follow = (acquired: Promise<void>): void => {
    say(texts.waiting, texts.show);
    if (acquired === latest) return;
    latest = acquired;
    acquired.catch((error: unknown) => {
      // A new popup makes the one before fail.
      if (acquired === latest) say(troubleText(codeOf(error), texts), texts.tryAgain);
    });
  };
  if (opened) follow(opened);
  else if (trouble) say(troubleText(trouble, texts), texts.tryAgain);
  else if (isConsent) say(texts.consent, texts.consentContinue);
  else say(reason === "session-ended" ? texts.message : texts.confirm, texts.continue);
  continueButton.onclick = () => follow(popup());
  declineButton.onclick = () => dialog.close();

  let returns = RETURNS;
  const show = (): void => {
    // Outside of the body, since pages make their body inert or replace it.
    document.documentElement.append(host);
    dialog.showModal();
    observer.observe(document.documentElement, { childList: true });
  };
  // Escape closes the dialog as well. Chromium fires `close` with the next frame, and a page that is hidden then has none.
  // After the question is over, `decline` has no effect.
  const observer = new MutationObserver(() => {
    if (!dialog.open) return decline();
    const root = document.documentElement as HTMLElement | null;
    if (host.isConnected || !root) return;
    // A script has replaced the children of the document, as React does where it cannot hydrate it.
    if (returns === 0) return decline();
    returns -= 1;
    dialog.open = false;
    show();
  });
  observer.observe(dialog, { attributeFilter: ["open"] });
  observer.observe(document, { childList: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    // Closing returns the focus to the element that had it.
    dialog.close();
    host.remove();
  });
  show();
}

/** The code of an error that `popup` rejected with. */
export const codeOf = (error: unknown): BearerWorkerErrorCode =>
  error instanceof BearerWorkerError ? error.code : "interaction_failed";

function troubleText(code: BearerWorkerErrorCode, texts: DialogTexts): string {
  if (code === "popup_closed") return texts.popupClosed;
  if (code === "popup_blocked") return texts.popupBlocked;
  return texts.failed;
}

function append<Name extends "dialog" | "h2" | "p" | "div" | "button">(
  parent: Node,
  name: Name,
  text = "",
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = text;
  return parent.appendChild(element);
}
