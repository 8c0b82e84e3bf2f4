import type { RequestObserved, TokenAttachment } from "../page/token-attachment.ts";
import { create, shorten } from "./create-element.ts";
import { createMovingAxis } from "./moving-axis.ts";
import { requestEntry } from "./request-entry.ts";

/** After a pause this long, in milliseconds, a new group of requests begins. */
const PAUSE = 1_000;
const MOST_ENTRIES = 300;

type Kind = "acquired" | "failed" | "interaction";
type Counted = RequestObserved["token"] | "acquired";

/** The counted events, in words. */
const COUNTED: Record<Counted, string> = {
  memory: "from memory",
  page: "from the page",
  none: "no token",
  acquired: "acquired",
};

/** Requests that came together. They share one scale. Times are in milliseconds since the epoch. */
interface Burst {
  readonly element: HTMLElement;
  readonly title: HTMLElement;
  readonly list: HTMLElement;
  from: number;
  to: number;
  requests: number;
  tokens: number;
  /** Whether the group waits for the user to act. */
  isWaiting: boolean;
}

export interface RequestLog {
  readonly element: HTMLElement;
  /** The number of messages that the worker has ignored, by its last report. */
  ignoredMessages(): number;
  listen(attachment: TokenAttachment): void;
  clear(): void;
}

/** Shows the reports of worker and page, newest first. */
export function createRequestLog(account: () => string | undefined, stopped: AbortSignal): RequestLog {
  const axis = createMovingAxis(stopped);
  const empty = create("p", "soft", "No request to a protected resource since the inspector was opened.");
  const bursts = create("div", "bursts", empty);
  const totals = create("dl", "totals");
  const counts = new Map<Counted, HTMLElement>();
  for (const [what, text] of Object.entries(COUNTED)) {
    const number = create("dd", "", "0");
    counts.set(what as Counted, number);
    totals.append(create("div", what, create("dt", "", text), number));
  }
  let current: Burst | undefined;
  let ignoredMessages = 0;

  const count = (what: Counted): void => {
    const number = counts.get(what);
    if (number) number.textContent = `${Number(number.textContent) + 1}`;
  };

  const burstFor = (from: number, to: number): Burst => {
    if (current && (current.isWaiting || from <= current.to + PAUSE)) {
      current.from = Math.min(current.from, from);
      current.to = Math.max(current.to, to);
      return current;
    }
    const [title, list] = [create("h4"), create("ol")];
    const element = create("section", "burst", title, list);
    empty.remove();
    bursts.prepend(element);
    return (current = { element, title, list, from, to, requests: 0, tokens: 0, isWaiting: false });
  };

  const add = (burst: Burst, item: HTMLElement): void => {
    const { element, title, list, from, to, requests, tokens, isWaiting } = burst;
    list.prepend(item);
    element.style.setProperty("--from", `${sinceLoad(from)}`);
    element.style.setProperty("--span", `${Math.max(1, to - from)}`);
    title.textContent = [
      timeOfDay(from),
      ...(requests ? [plural(requests, "request")] : []),
      ...(tokens ? [plural(tokens, "token")] : []),
      isWaiting ? "waiting for the user" : `${to - from} ms`,
    ].join(" · ");
    for (const old of [...bursts.querySelectorAll("li")].slice(MOST_ENTRIES)) old.remove();
    for (const old of bursts.querySelectorAll(".burst:not(:has(li))")) old.remove();
  };

  const mark = (kind: Kind, text: string): void => {
    const now = Date.now();
    const burst = burstFor(now, now);
    burst.isWaiting = kind === "interaction";
    if (kind === "acquired") {
      burst.tokens++;
      count("acquired");
    }
    axis.addMarker(kind);
    add(burst, create("li", `marker ${kind}`, text));
  };

  return {
    element: create("section", "requests", create("h3", "", "Requests"), totals, axis.element, bursts),
    ignoredMessages: () => ignoredMessages,
    listen(attachment) {
      const options = { signal: stopped };
      attachment.addEventListener(
        "request",
        ({ detail }) => {
          const { startedAt, responseTime, token } = detail;
          ignoredMessages = detail.ignoredMessages;
          const burst = burstFor(startedAt, startedAt + responseTime);
          burst.requests++;
          count(token);
          axis.addRequest(token, startedAt, responseTime);
          add(burst, requestEntry(detail, sinceLoad(startedAt), account()));
        },
        options,
      );
      attachment.addEventListener(
        "tokenacquired",
        ({ detail: { scopes, fromCache, interactive, duration } }) => {
          const origin = interactive
            ? "after the user acted"
            : fromCache
              ? "from the identity library's cache"
              : "from the provider";
          mark("acquired", `Token for ${scopes.join(" ")}, ${origin}, ${Math.round(duration)} ms`);
        },
        options,
      );
      attachment.addEventListener(
        "tokenfailed",
        ({ detail: { scopes, code, reason, outcome } }) => {
          const fate = outcome === "bare" ? "goes out without" : "fails as a network error";
          const why = [code, ...(reason ? [reason] : [])].join(", ");
          // An error of the worker itself affects every request.
          if (scopes.length === 0) mark("failed", `No tokens: ${why}`);
          else mark("failed", `No token for ${scopes.join(" ")}: ${why}. The request ${fate}`);
        },
        options,
      );
      attachment.addEventListener(
        "interactionrequired",
        ({ detail: { scopes, resource } }) =>
          mark("interaction", `The user has to act for ${scopes.join(" ")} (${shorten(resource)})`),
        options,
      );
    },
    clear() {
      current = undefined;
      bursts.replaceChildren(empty);
      for (const number of counts.values()) number.textContent = "0";
      axis.clear();
    },
  };
}

/** A time in the panel's own language. Digits of another script would disturb the order of the text after it. */
const timeOfDay = (time: number): string => new Date(time).toLocaleTimeString("en", { hourCycle: "h23" });

/** A number small enough for calculations in CSS. */
const sinceLoad = (time: number): number => Math.round(time - performance.timeOrigin);

const plural = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;
