import type { TokenAttachment } from "../page/token-attachment.ts";
import { create, createButton } from "./create-element.ts";
import style from "./panel.css";
import { inWords } from "./reasons.ts";
import { reportText } from "./report.ts";
import { createRequestLog } from "./request-log.ts";
import { createTokenList } from "./token-list.ts";
import { createWorkerStatus } from "./worker-status.ts";

/** The interval for state that no event reports, in milliseconds: remaining times, a worker that is gone. */
const LOOK_EVERY = 1_000;

export const panelSheet = new CSSStyleSheet();
panelSheet.replaceSync(style);

export interface Panel {
  readonly element: HTMLElement;
  focus(): void;
  /** Ends all listeners and timers of the panel. */
  stop(): void;
}

export interface PanelOptions {
  readonly attachment: TokenAttachment | Promise<TokenAttachment> | null;
  /** The name of the page's current account; undefined if the site does not give it. */
  readonly account: () => string | undefined;
  readonly close: () => void;
}

/** Creates the panel. It listens to the attachment's events until it is stopped. */
export function createPanel({ attachment, account, close }: PanelOptions): Panel {
  const stopped = new AbortController();
  const { signal } = stopped;
  // Screen readers announce a change of a live region that they know already, so both are there before their texts.
  const problem = create("p", "problem");
  problem.role = "alert";
  const said = create("p", "said");
  said.role = "status";
  const status = createWorkerStatus(account, signal);
  const say = (text: string): void => {
    said.textContent = text;
  };
  const tokens = createTokenList(say);
  const log = createRequestLog(account, signal);
  const closing = createButton("Close", close);
  const title = create("h2", "", "Token inspector");
  const body = create("div", "body", status.element, log.element, tokens.element);
  // A focusable list can be scrolled with the keyboard.
  Object.assign(body, { tabIndex: 0, role: "group", ariaLabel: "Worker, tokens and requests" });
  const element = create(
    "div",
    "panel",
    create(
      "header",
      "",
      title,
      createButton("Copy report", () => void copyReport()),
      createButton("Clear", () => log.clear()),
      closing,
    ),
    said,
    problem,
    body,
  );

  const copyReport = async (): Promise<void> => {
    const parts = {
      browser: navigator.userAgent,
      worker: status.report(),
      tokens: tokens.report(),
      requests: log.report(),
    };
    try {
      // A page without HTTPS has no clipboard, and no service workers either.
      await navigator.clipboard.writeText(reportText(parts));
      say("Copied: no token, account, query or id is in the report.");
    } catch {
      say("Not copied: the browser does not allow it.");
    }
  };

  let attached: TokenAttachment | undefined;
  const look = (): void => {
    tokens.look();
    log.look();
    void status.look(tokens.summary(), attached?.ignoredMessages ?? 0, log.ignoredMessages());
  };
  look();
  const timer = setInterval(look, LOOK_EVERY);
  signal.addEventListener("abort", () => clearInterval(timer));

  const start = (attachment: TokenAttachment): void => {
    if (signal.aborted) return;
    attached = attachment;
    problem.textContent = "";
    tokens.show(attached);
    log.listen(attached);
    attached.addEventListener("tokenacquired", look, stopped);
    attached.addEventListener(
      "tokenfailed",
      ({ detail: { resource, code } }) => {
        // The page goes on without its worker until its next load.
        if (resource === "*") status.lose(inWords(code));
        look();
      },
      stopped,
    );
    look();
  };
  const fail = ({ code, message }: { code?: string; message?: string }): void => {
    problem.textContent = `attachTokens failed: ${[code && inWords(code), message].filter(Boolean).join(", ")}`;
  };
  problem.textContent = attachment ? "attachTokens has not resolved yet." : "Set the property attachment.";
  if (attachment) Promise.resolve(attachment).then(start, fail);

  return { element, focus: () => closing.focus(), stop: () => stopped.abort() };
}
