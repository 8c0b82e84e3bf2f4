import type { ReceivedRequest } from "../../dev/protected-api/received-requests.ts";
import type { Faults } from "./faults.ts";
import type { Kind, Ledger, MadeRequest } from "./ledger.ts";
import { audienceOf } from "./order.ts";
import type { Outage } from "./outages.ts";

/** The result of a request: the first of these that applies. */
export type Outcome =
  /** The page has the whole answer. */
  | "answered"
  /** The harness closed or reloaded the page before the answer. */
  | "left"
  /**
   * A network error because the worker was stopped while the page was reading the answer, or was stopped twice while it held
   * the request: Chromium hands a request to a new worker only once. A POST that may have been sent ends at the first stop.
   */
  | "stopped"
  /** A network error, or the API's 401, while the provider gave no tokens. */
  | "refused"
  /**
   * The API refused the replay as well, or a token that it had refused in a replay a moment before. The product takes such an
   * answer for final.
   */
  | "final"
  /**
   * Chromium sent the page's requests past its worker, as its own timing of one of them says, and this one went out bare
   * before the page replaced the worker. A worker that is stopped while a page loads can cause that state. A web worker that
   * starts while a new version takes over can have it, too, and for good.
   */
  | "bypassed"
  /** Any other result. */
  | "lost";

/** A request, from the page that made it to the API and back. */
export interface Course {
  readonly request: MadeRequest;
  readonly received: readonly ReceivedRequest[];
  readonly outcome: Outcome;
  /** Reached the API without a token while its document was there, and was not bypassed. */
  readonly isBare: boolean;
  /** Reached the API with a token of another account or for another API. */
  readonly isForeign: boolean;
  /** Reached the API with an expired token. */
  readonly isLate: boolean;
  /** How many times the API answered 401, each a reason to send it again. */
  readonly challenged: number;
  /** How many times it was sent again because Chromium's worker was stopped while it held the request. */
  readonly redispatched: number;
  /** How many times it was sent again without a reason. */
  readonly duplicated: number;
}

/** How long a request may be on its way from the worker to the API, and an answer from there to the page, in milliseconds. */
const ON_ITS_WAY = 1_000;
/** How long after a stop a request may end, in milliseconds: the next worker has to start, and may have to ask the page. */
const STOP_NOTICED = 5_000;

/** For how many milliseconds a token that was refused in a replay is not replaced. The pauses grow: 1, 2 and 4 s. */
const FINAL = 4_000;

/** A replay that the API refused. */
interface RefusedReplay {
  readonly at: number;
  readonly token: string;
}

/** Joins the requests of pages with the requests that the API received. */
export function joinCourses(
  ledger: Ledger,
  received: readonly ReceivedRequest[],
  stops: Faults["stops"],
  outages: readonly Outage[],
): readonly Course[] {
  const byId = new Map<string, ReceivedRequest[]>();
  for (const entry of received) {
    const id = new URLSearchParams(entry.query).get("soak");
    if (id !== null) byId.set(id, [...(byId.get(id) ?? []), entry]);
  }
  const refusedReplays = [...byId.values()].flatMap(refusedReplayOf);
  return [...ledger.requests.values()].map((request) => {
    const ofIt = byId.get(request.id) ?? [];
    const audience = audienceOf(request.url);
    const stopsOfIt = stops.filter(({ profile }) => profile === request.profile);
    const heard = ofIt.filter(({ status }) => status !== 401);
    const again = heard.slice(1);
    const redispatched = again.filter((entry, index) =>
      stopsOfIt.some((stop) => explains(stop, heard[index] ?? entry, entry)),
    ).length;
    const { document, kind, madeAt } = request;
    // Nothing waits for the requests of a document that has gone, and its account cannot be known any more.
    const goneAt = ledger.isCrashed(document) ? -Infinity : (ledger.leftAt(document) ?? Infinity);
    const wentBare = ofIt.some(({ authorization, at }) => authorization === "none" && at < goneAt);
    const isBypassed =
      wentBare &&
      ((kind === "worker" && ledger.isBypassed(document, "web worker")) ||
        (ledger.isBypassed(document, "page") && madeAt <= (ledger.mendedAt(document) ?? Infinity)));
    return {
      request,
      received: ofIt,
      outcome: isBypassed
        ? "bypassed"
        : outcomeOf(request, ofIt, ledger.leftAt(document), stopsOfIt, outages, refusedReplays),
      isBare: wentBare && !isBypassed,
      isForeign: ofIt.some(
        ({ token, refusal }) =>
          (token !== null && (token.username !== request.account || token.audience !== audience)) ||
          (refusal !== null && !isExpiry(refusal)),
      ),
      isLate: ofIt.some(({ refusal }) => refusal !== null && isExpiry(refusal)),
      challenged: ofIt.length - heard.length,
      redispatched,
      duplicated: again.length - redispatched,
    };
  });
}

/** The refused replay of a request, if it had one. */
function refusedReplayOf(received: readonly ReceivedRequest[]): readonly RefusedReplay[] {
  const [first, second] = received.filter(({ status }) => status === 401);
  const token = second && tokenNameOf(second);
  if (!token || first?.authorization === "none") return [];
  // A request that Chromium sent again after a stop can carry the refused token once more. An expired token has no name.
  return first && token !== tokenNameOf(first) ? [{ at: second.at, token }] : [];
}

/** A name for the token of a request. The API keeps no tokens. */
const tokenNameOf = ({ token }: ReceivedRequest): string | null =>
  token && JSON.stringify([token.username, token.audience, token.scopes, token.issuedAt]);

const isExpiry = (refusal: string): boolean => refusal.includes('"exp"');

/** The worker was stopped between two arrivals of a request, when the first answer may not have reached the page yet. */
const explains = (
  { from, to }: Faults["stops"][number],
  first: ReceivedRequest,
  second: ReceivedRequest,
): boolean =>
  from <= second.at && to + ON_ITS_WAY >= first.at && (first.endedAt ?? Infinity) + ON_ITS_WAY >= from;

function outcomeOf(
  { kind, madeAt, settledAt, status }: MadeRequest,
  received: readonly ReceivedRequest[],
  leftAt: number | undefined,
  stops: Faults["stops"],
  outages: readonly Outage[],
  refusedReplays: readonly RefusedReplay[],
): Outcome {
  if (status !== null && status >= 200 && status < 300) return "answered";
  if (leftAt !== undefined && leftAt <= (settledAt ?? Infinity)) return "left";
  const held = stops.filter(({ from, to }) => to >= madeAt && from <= (settledAt ?? 0));
  const isLastMoment = held.some(({ to }) => to + STOP_NOTICED >= (settledAt ?? 0));
  const hadBegun = received.some((entry) => entry.status === 200);
  if (status === 0 && isLastMoment && (hadBegun || held.length > (kind === "post" ? 0 : 1))) return "stopped";
  const wasAway = outages.some(
    ({ startedAt, overAt }) => startedAt <= (settledAt ?? Infinity) && (overAt ?? Infinity) >= madeAt,
  );
  // An image has the same error event for both.
  const last = received.at(-1);
  const isRefused = (status === 0 || status === 401) && (!last || last.status === 401);
  if (wasAway && isRefused) return "refused";
  const token = last && tokenNameOf(last);
  const isFinal = refusedReplays.some(
    (replay) => replay.token === token && last && replay.at <= last.at && last.at < replay.at + FINAL,
  );
  return isRefused && isFinal ? "final" : "lost";
}

/** The numbers of a set of requests. */
export interface Tally {
  readonly requests: number;
  readonly answered: number;
  readonly left: number;
  readonly stopped: number;
  readonly refused: number;
  readonly final: number;
  readonly bypassed: number;
  readonly lost: number;
  readonly bare: number;
  readonly foreign: number;
  readonly late: number;
  readonly challenged: number;
  readonly redispatched: number;
  readonly duplicated: number;
  /** From the call to the whole answer, in milliseconds. */
  readonly longestWait: number;
  readonly medianWait: number;
}

export function tallyOf(courses: readonly Course[]): Tally {
  const count = (is: (course: Course) => boolean): number => courses.filter(is).length;
  const sum = (of: (course: Course) => number): number => courses.reduce((total, it) => total + of(it), 0);
  const waits = courses
    .filter(({ outcome }) => outcome === "answered")
    .map(({ request: { madeAt, settledAt } }) => (settledAt ?? madeAt) - madeAt)
    .sort((a, b) => a - b);
  return {
    requests: courses.length,
    answered: waits.length,
    left: count(({ outcome }) => outcome === "left"),
    stopped: count(({ outcome }) => outcome === "stopped"),
    refused: count(({ outcome }) => outcome === "refused"),
    final: count(({ outcome }) => outcome === "final"),
    bypassed: count(({ outcome }) => outcome === "bypassed"),
    lost: count(({ outcome }) => outcome === "lost"),
    bare: count(({ isBare }) => isBare),
    foreign: count(({ isForeign }) => isForeign),
    late: count(({ isLate }) => isLate),
    challenged: sum(({ challenged }) => challenged),
    redispatched: sum(({ redispatched }) => redispatched),
    duplicated: sum(({ duplicated }) => duplicated),
    longestWait: waits.at(-1) ?? 0,
    medianWait: waits[Math.floor(waits.length / 2)] ?? 0,
  };
}

export const ofKind = (courses: readonly Course[], kind: Kind): readonly Course[] =>
  courses.filter(({ request }) => request.kind === kind);
