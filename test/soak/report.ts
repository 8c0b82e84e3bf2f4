import type { FaultName } from "./faults.ts";
import { KINDS } from "./ledger.ts";
import type { SoakResult } from "./run-soak.ts";
import { type Course, ofKind, type Tally, tallyOf } from "./tally.ts";

/** How many failed requests are described in full. */
const TOLD = 12;
/** The description of a request includes events so many milliseconds before and after it. */
const AROUND = 4_000;
/** Faults that meet both profiles. */
const FAULTS_OF_ALL: ReadonlySet<string> = new Set<FaultName>(["lifetime", "revoke", "slow API"]);
/** A page says within so many milliseconds after a request why there was no token for it. */
const TOLD_WITHIN = 500;

/** Whether no request was lost, bare, sent with another user's token, or sent twice without a reason, and no trouble came. */
export function isClean({ courses, troubles }: SoakResult): boolean {
  return !courses.some(isWrong) && troubles.length === 0;
}

/** A request that Chromium sends again after a stop is not wrong. */
const isWrong = ({ outcome, isBare, isForeign, duplicated }: Course): boolean =>
  outcome === "lost" || isBare || isForeign || duplicated > 0;

export function describeResult(result: SoakResult): string {
  const { seed, milliseconds, browser, courses, faults, outages, tokens, crashes, troubles } = result;
  const total = tallyOf(courses);
  return [
    `${(milliseconds / 60_000).toFixed(1)} minutes with --seed ${seed}, ${browser}, ${tokens} tokens issued, ${crashes} pages crashed`,
    `Faults: ${[...faults].map(([name, count]) => `${name} ${count}`).join(", ")}`,
    `Outages: ${outages.map(({ kind }) => kind).join(", ") || "none"}`,
    "",
    table([
      ["", ...COLUMNS.map(([title]) => title)],
      ...KINDS.map((kind) => row(kind, tallyOf(ofKind(courses, kind)))),
      row("all", total),
    ]),
    "",
    table(memoryRows(result)),
    ...troubles.map(({ profile, what }) => `Trouble in ${profile}: ${what}`),
    ...courses
      .filter(isWrong)
      .slice(0, TOLD)
      .map((course) => tell(course, result)),
  ].join("\n");
}

/** The same for machines. */
export function resultAsJson(result: SoakResult): string {
  const { courses, faults, happenings: _all, ...rest } = result;
  const byKind = Object.fromEntries(KINDS.map((kind) => [kind, tallyOf(ofKind(courses, kind))]));
  const wrong = courses.filter(isWrong);
  return JSON.stringify(
    {
      ...rest,
      clean: isClean(result),
      total: tallyOf(courses),
      byKind,
      faults: Object.fromEntries(faults),
      wrong,
    },
    null,
    2,
  );
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

const COLUMNS: readonly (readonly [title: string, of: (tally: Tally) => string])[] = [
  ["requests", ({ requests }) => String(requests)],
  ["answered", ({ answered }) => String(answered)],
  ["page left", ({ left }) => String(left)],
  ["worker killed", ({ stopped }) => String(stopped)],
  ["provider away", ({ refused }) => String(refused)],
  ["final", ({ final }) => String(final)],
  ["bypassed", ({ bypassed }) => String(bypassed)],
  ["lost", ({ lost }) => String(lost)],
  ["bare", ({ bare }) => String(bare)],
  ["foreign", ({ foreign }) => String(foreign)],
  ["duplicated", ({ duplicated }) => String(duplicated)],
  ["sent again", ({ redispatched }) => String(redispatched)],
  ["challenged", ({ challenged }) => String(challenged)],
  ["expired", ({ late }) => String(late)],
  ["median", ({ medianWait }) => seconds(medianWait)],
  ["longest", ({ longestWait }) => seconds(longestWait)],
];

const row = (name: string, tally: Tally): string[] => [name, ...COLUMNS.map(([, of]) => of(tally))];

function memoryRows({ memory }: SoakResult): string[][] {
  const names = [...new Set(memory.map(({ of }) => of))].sort();
  return [
    ["memory, MB", "first", "middle", "last", "least", "most", "samples"],
    ...names.map((name) => {
      const bytes = memory.filter(({ of }) => of === name).map((sample) => sample.bytes);
      const values = [
        bytes[0],
        bytes[Math.floor(bytes.length / 2)],
        bytes.at(-1),
        Math.min(...bytes),
        Math.max(...bytes),
      ];
      return [name, ...values.map((value) => ((value ?? 0) / 1e6).toFixed(2)), String(bytes.length)];
    }),
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (most, cells) => cells.map((cell, index) => Math.max(cell.length, most[index] ?? 0)),
    [],
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

/** Describes a failed request and the events around it. */
function tell(course: Course, { happenings }: SoakResult): string {
  const { request, received, outcome } = course;
  const { madeAt, settledAt } = request;
  const after = (at: number | null): string => (at === null ? "never" : `+${at - madeAt}`);
  const around = happenings.filter(
    ({ at, profile, what }) =>
      at > madeAt - AROUND &&
      at < (settledAt ?? madeAt) + AROUND &&
      (!what.startsWith("no token") || at <= (settledAt ?? madeAt) + TOLD_WITHIN) &&
      (profile === request.profile || profile === "" || FAULTS_OF_ALL.has(what)),
  );
  return [
    `\n${outcome}: ${request.kind} ${request.url} in ${request.profile} of ${request.account}`,
    `  document ${request.document.slice(0, 8)}, worker ${request.worker}`,
    `  got ${request.status} ${request.error ?? ""} ${after(settledAt)} ms`,
    ...received.map(
      ({ at, method, authorization, token, refusal, status, endedAt }) =>
        `  API ${after(at)}: ${method} ${authorization} ${token ? `${token.username} issued ${after(token.issuedAt * 1000)}` : refusal} → ${status}, ended ${after(endedAt)}`,
    ),
    ...around.map(({ at, profile, what }) => `  ${after(at)} ${profile} ${what}`),
  ].join("\n");
}
