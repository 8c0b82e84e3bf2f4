import type { BearerWorkerErrorCode } from "../protocol/errors.ts";
import type { AccessToken } from "./token-source.ts";

const TITLE = "Please sign in again";
const ASK = "To show everything on this page, your sign-in has to be confirmed.";
const WAITING = "Finish signing in in the window that has opened.";
const TROUBLE: Partial<Record<BearerWorkerErrorCode, string>> = {
  popup_closed: "The sign-in window was closed.",
  popup_blocked: "The browser blocked the sign-in window.",
};
const FAILED = "Signing in did not work.";
const CONTINUE = "Continue";
const AGAIN = "Try again";
const DECLINE = "Not now";

/** It lives in a shadow root; the custom properties are the page's to set. */
const STYLE = `
dialog {
  box-sizing: border-box;
  width: min(26rem, 100vw - 2rem);
  padding: 1.5rem;
  border: 1px solid #8888;
  border-radius: 12px;
  background: var(--bearer-worker-background, Canvas);
  color: var(--bearer-worker-color, CanvasText);
  color-scheme: light dark;
  font: 1rem/1.5 var(--bearer-worker-font, system-ui);
  box-shadow: 0 12px 40px #0004;
}
::backdrop { background: #0007 }
h2 { margin: 0; font-size: 1.25rem }
p { margin: .5rem 0 1.25rem }
div { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: end }
button {
  min-height: 2.75rem;
  padding: 0 1.1rem;
  border: 1px solid #808791;
  border-radius: 8px;
  background: none;
  color: inherit;
  font: inherit;
}
[autofocus] {
  border: 0;
  background: var(--bearer-worker-accent, #2f6fd0);
  color: var(--bearer-worker-accent-color, #fff);
}
:focus-visible { outline: 3px solid var(--bearer-worker-accent, #2f6fd0); outline-offset: 2px }
`;

/**
 * Offers the user a button that opens the sign-in popup: a popup needs a click. The dialog stays while the popup is
 * open, and until the user signed in or declined.
 *
 * @param popup opens the popup; called within the click
 * @param trouble why an earlier popup came to nothing
 * @param acted aborts when the user signed in elsewhere
 * @returns the token, `null` when the user acted elsewhere, or `false` when they declined
 */
export function showDialog(
  popup: () => Promise<AccessToken>,
  trouble: BearerWorkerErrorCode | null,
  acted: AbortSignal,
): Promise<AccessToken | null | false> {
  const host = document.createElement("div");
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
  const title = add(dialog, "h2", TITLE);
  const text = add(dialog, "p", trouble ? (TROUBLE[trouble] ?? FAILED) : ASK);
  const buttons = add(dialog, "div");
  const decline = add(buttons, "button", DECLINE);
  const go = add(buttons, "button", trouble ? AGAIN : CONTINUE);
  title.id = "title";
  text.id = text.role = "status";
  dialog.setAttribute("aria-labelledby", "title");
  dialog.setAttribute("aria-describedby", "status");
  go.autofocus = true;

  document.body.append(host);
  dialog.showModal();
  return new Promise((resolve) => {
    const finish = (token: AccessToken | null | false): void => {
      host.remove();
      resolve(token);
    };
    go.onclick = () => {
      text.textContent = WAITING;
      go.textContent = AGAIN;
      popup().then(finish, (error: { code?: BearerWorkerErrorCode }) => {
        text.textContent = TROUBLE[error.code ?? "interaction_failed"] ?? FAILED;
      });
    };
    acted.addEventListener("abort", () => finish(null));
    decline.onclick = () => dialog.close();
    // Escape closes it, too.
    dialog.onclose = () => finish(false);
  });
}
