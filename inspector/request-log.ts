import type { RequestObserved, RequestPending, TokenFailed } from "../page/attachment-events.ts";
import type { TokenAttachment } from "../page/token-attachment.ts";
import { type Acquisitions, followAcquisitions } from "./acquisitions.ts";
import { create, shorten } from "./create-element.ts";
import { inWords } from "./reasons.ts";
import { createRequestRow, kindOf, type RequestRow, sinceLoad } from "./request-row.ts";
import { createTimeAxis } from "./time-axis.ts";
import { createTotals } from "./totals.ts";

/** After a pause this long, in milliseconds, a new group of requests begins. */
const PAUSE = 1_000;
const MOST_ENTRIES = 300;

type Marked = "acquired" | "failed" | "interaction";

/** Requests that came together. They share one scale. Times are in milliseconds since the epoch. */
interface Burst {
  readonly element: HTMLElement;
  readonly title: HTMLElement;
  readonly list: HTMLElement;
  /** The requests without a response. */
  readonly pending: Set<RequestRow>;
  from: number;
  to: number;
  requests: number;
  tokens: number;
}

export interface RequestLog {
  readonly element: HTMLElement;
  /** The number of messages that the worker has ignored, by its last report. */
  ignoredMessages(): number;
  listen(attachment: TokenAttachment): void;
  /** Draws the requests that have no response yet as they are now. */
  look(): void;
  clear(): void;
  /** The entries in words, the newest first. */
  report(): readonly string[];
}

/** Shows the reports of worker and page, newest first. */
export function createRequestLog(account: () => string | undefined, stopped: AbortSignal): RequestLog {
  const axis = createTimeAxis(stopped);
  const totals = createTotals();
  const empty = create("p", "soft", "No request to a protected resource since the inspector was opened.");
  const bursts = create("div", "bursts", empty);
  /** Requests by their id. A report of a wait may come after that of the outcome. */
  const rows = new Map<string, { readonly row: RequestRow; readonly burst: Burst }>();
  const reports = new WeakMap<Element, () => string>();
  let acquisitions: Acquisitions = { waitFor: () => "page" };
  let current: Burst | undefined;
  let lastAccount = account();
  let ignoredMessages = 0;

  const burstFor = (from: number): Burst => {
    if (current && (current.pending.size > 0 || from <= current.to + PAUSE)) return current;
    const [title, list] = [create("h4"), create("ol")];
    const element = create("section", "burst", title, list);
    empty.remove();
    bursts.prepend(element);
    return (current = { element, title, list, pending: new Set(), from, to: from, requests: 0, tokens: 0 });
  };

  const extend = (burst: Burst, from: number, to: number): void => {
    burst.from = Math.min(burst.from, from);
    burst.to = Math.max(burst.to, to);
    const { element, title, pending, requests, tokens } = burst;
    element.style.setProperty("--from", `${sinceLoad(burst.from)}`);
    element.style.setProperty("--span", `${Math.max(1, burst.to - burst.from)}`);
    const waits = [...pending].map(({ phases }) => phases.at(-1)?.wait);
    title.textContent = [
      timeOfDay(burst.from),
      ...(requests ? [plural(requests, "request")] : []),
      ...(tokens ? [plural(tokens, "token")] : []),
      waits.includes("user")
        ? "waiting for the user"
        : waits.length > 0
          ? "waiting"
          : `${burst.to - burst.from} ms`,
    ].join(" · ");
  };

  const add = (burst: Burst, item: HTMLElement, report: () => string): void => {
    burst.list.prepend(item);
    reports.set(item, report);
    for (const old of [...bursts.querySelectorAll("li")].slice(MOST_ENTRIES)) old.remove();
    for (const old of bursts.querySelectorAll(".burst:not(:has(li))")) old.remove();
    if (rows.size <= MOST_ENTRIES) return;
    for (const [id, { row, burst: other }] of rows) {
      if (row.element.isConnected) continue;
      other.pending.delete(row);
      rows.delete(id);
    }
  };

  const rowOf = (request: RequestObserved | RequestPending) => {
    const known = rows.get(request.id);
    if (known) return known;
    const burst = burstFor(request.startedAt);
    const row = createRequestRow(request);
    rows.set(request.id, { row, burst });
    burst.requests++;
    add(burst, row.element, () => row.report());
    return { row, burst };
  };

  const wait = (request: RequestPending): void => {
    const { row, burst } = rowOf(request);
    if ("status" in row.request) return;
    burst.pending.add(row);
    row.wait(
      request.waitsFor === "network" ? "network" : acquisitions.waitFor(request.scopes),
      request.since,
    );
    axis.show(row);
    extend(burst, request.startedAt, Date.now());
  };

  const end = (request: RequestObserved): void => {
    const { row, burst } = rowOf(request);
    const name = account();
    row.end(request, name === lastAccount ? undefined : name);
    lastAccount = name;
    burst.pending.delete(row);
    totals.add(kindOf(request));
    if (request.replayed) totals.add("replayed");
    axis.show(row);
    extend(burst, request.startedAt, request.startedAt + request.responseTime);
  };

  /** Requests that wait for the page wait for whatever the page waits for. */
  const followPage = (): void => {
    for (const { row, burst } of rows.values()) {
      if (!burst.pending.has(row) || row.phases.at(-1)?.wait === "network") continue;
      row.wait(acquisitions.waitFor(row.request.scopes), Date.now());
      axis.show(row);
      extend(burst, burst.from, Date.now());
    }
  };

  const mark = (kind: Marked, text: string): void => {
    const now = Date.now();
    const burst = burstFor(now);
    if (kind === "acquired") {
      burst.tokens++;
      totals.add("acquired");
    }
    axis.addMarker(kind);
    add(burst, create("li", `marker ${kind}`, text), () => text);
    extend(burst, now, now);
  };

  return {
    element: create(
      "section",
      "requests",
      create("div", "heading", create("h3", "", "Requests"), axis.pause),
      totals.element,
      axis.element,
      bursts,
    ),
    ignoredMessages: () => ignoredMessages,
    listen(attachment) {
      const options = { signal: stopped };
      acquisitions = followAcquisitions(attachment, stopped, () => followPage());
      attachment.addEventListener("requestpending", ({ detail }) => wait(detail), options);
      attachment.addEventListener(
        "request",
        ({ detail }) => {
          ignoredMessages = detail.ignoredMessages;
          end(detail);
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
          const why = [inWords(code), ...(reason ? [reason] : [])].join(", ");
          // An error of the worker itself affects every request.
          if (scopes.length === 0) mark("failed", `No tokens: ${why}`);
          else if (code.startsWith("dpop_"))
            mark("failed", `Proof for ${scopes.join(" ")}: ${why}. The request ${PROOF_FATES[outcome]}`);
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
    look() {
      for (const { row, burst } of rows.values()) {
        if (!burst.pending.has(row)) continue;
        row.look();
        axis.show(row);
        extend(burst, burst.from, Date.now());
      }
    },
    clear() {
      current = undefined;
      rows.clear();
      bursts.replaceChildren(empty);
      totals.clear();
      axis.clear();
    },
    report: () => [
      totals.report(),
      ...[...bursts.querySelectorAll(".burst")].flatMap((burst) => [
        burst.querySelector("h4")?.textContent ?? "",
        ...[...burst.querySelectorAll("li")].map((item) => `- ${reports.get(item)?.() ?? ""}`),
      ]),
    ],
  };
}

/** A time in the panel's own language. Digits of another script would disturb the order of the text after it. */
const timeOfDay = (time: number): string => new Date(time).toLocaleTimeString("en", { hourCycle: "h23" });

/** The fate of a request whose proof the API refused. */
const PROOF_FATES: Record<TokenFailed["outcome"], string> = {
  bare: "ends with the API’s answer",
  unavailable: "fails as a network error",
  replayed: "is sent again with another proof",
};

const plural = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;
