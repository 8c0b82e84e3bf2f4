import type { RequestObserved, RequestPending } from "../page/attachment-events.ts";
import { create, shorten } from "./create-element.ts";
import { drawCourse, type Phase, phasesOf, timeOf, type Wait } from "./waits.ts";

/** The outcome of a request, for counters and colours. */
export type Kind = RequestObserved["token"] | "failed";

export const kindOf = ({ token, status, responseType }: RequestObserved): Kind =>
  responseType === "error" || status >= 400 ? "failed" : token;

/** The origin of the token, in words. */
const ORIGINS: Record<RequestObserved["token"], string> = {
  memory: "token from memory",
  page: "token from the page",
  none: "no token",
};

const WAITS: Record<Wait, string> = {
  page: "waits for the page",
  provider: "waits for the provider",
  user: "waits for the user",
  network: "waits for the network",
};

type Row = RequestObserved | RequestPending;

/** One request in the list, from the moment it waits. */
export interface RequestRow {
  readonly element: HTMLElement;
  readonly request: Row;
  readonly phases: readonly Phase[];
  /** The milliseconds until its response, or until now. */
  duration(): number;
  /** The request in one line. */
  summary(): string;
  /** The same with its entry of the map in place of its URL. It names no account. */
  report(): string;
  /** The request waits for something else. */
  wait(wait: Wait, since: number): void;
  /** The request has its response. `account`: the name of its account, if that differs from the request's before. */
  end(observed: RequestObserved, account: string | undefined): void;
  /** Draws a request that has no response yet as it is now. */
  look(): void;
}

export function createRequestRow(first: Row): RequestRow {
  let request = first;
  let phases: readonly Phase[] = [];
  let facts: readonly string[] = [];
  const code = create("span", "code");
  const total = create("span", "total");
  const course = create("span", "course");
  const list = create("span", "facts");
  const { startedAt, method, url, resource, scopes, destination } = first;
  const target = `${shorten(resource)} → ${scopes.join(" ")}`;
  const element = create(
    "li",
    "entry",
    create("code", "request", `${method} ${shorten(url)}`),
    code,
    total,
    create("span", "bar", course),
    list,
  );
  course.style.setProperty("--start", `${sinceLoad(startedAt)}`);

  const duration = (): number =>
    "status" in request ? request.responseTime : Math.max(0, Date.now() - startedAt);

  /** `account` is only shown: a report has the facts, and is for the public. */
  const write = (status: string, kind: string, own: readonly string[], account?: string): void => {
    facts = [...own, ...(destination ? [`for ${destination}`] : [])];
    element.className = `entry ${kind}`;
    code.textContent = status;
    const shown = [...facts, ...(account ? [account] : []), target];
    list.replaceChildren(...shown.map((fact) => create("span", "", fact)));
  };

  const look = (): void => {
    const milliseconds = duration();
    course.style.setProperty("--length", `${milliseconds}`);
    total.textContent = inWords(milliseconds);
    drawCourse(course, phases, startedAt + milliseconds);
  };

  return {
    element,
    get request() {
      return request;
    },
    get phases() {
      return phases;
    },
    duration,
    summary: () => `${method} ${shorten(url)}: ${[code.textContent, total.textContent, ...facts].join(", ")}`,
    report: () => `${method} ${target}: ${[code.textContent, total.textContent, ...facts].join(", ")}`,
    wait(wait, since) {
      if (phases.at(-1)?.wait === wait) return;
      phases = [...phases, { wait, since }];
      write("waiting", `pending ${wait}`, [WAITS[wait]]);
      look();
    },
    end(observed, account) {
      request = observed;
      phases = phasesOf(observed, phases);
      const { status, responseType } = observed;
      const word = status ? `${status}` : responseType === "error" ? "network error" : "no status";
      write(word, kindOf(observed), outcomeOf(observed, phases), account);
      element.dataset["status"] = `${status}`;
      if (observed.replayed) element.dataset["replayed"] = "";
      look();
    },
    look,
  };
}

/** The way of a request to its response, in words. */
function outcomeOf(observed: RequestObserved, phases: readonly Phase[]): string[] {
  const { token, tokenTime, status, responseType, replayed, refused, startedAt, responseTime } = observed;
  const { tokenType, proofReplaced } = observed;
  const userTime = Math.min(timeOf("user", phases, startedAt + responseTime), tokenTime);
  const byUser = userTime > 0 ? `, ${inWords(userTime)} of it the user’s` : "";
  const after = tokenTime > 0 ? ` after ${inWords(tokenTime)}${byUser}` : "";
  // Some APIs refuse without a challenge.
  const isRefused = refused || (status === 401 && token !== "none");
  const isFinal = refused && !replayed;
  const isRefusedAgain = replayed && status === 401;
  return [
    `${tokenType ? `${tokenType} ` : ""}${ORIGINS[token]}${isFinal ? "" : after}`,
    ...(proofReplaced ? ["sent again with another proof"] : []),
    ...(isRefused ? ["the API refused the token"] : []),
    ...(isFinal ? [`no new one${after}`] : []),
    ...(replayed ? [isRefusedAgain ? "refused again with a new token" : "replayed with a new token"] : []),
    ...(status === 0 && responseType !== "error" ? ["the worker may not see the status"] : []),
  ];
}

/** A number small enough for calculations in CSS. */
export const sinceLoad = (time: number): number => Math.round(time - performance.timeOrigin);

const inWords = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 1000)} s`;
