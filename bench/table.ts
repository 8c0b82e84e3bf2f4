import type { Metric } from "./cases/case.ts";
import { type Ratio, type Result, resultsOf } from "./results.ts";
import type { Samples } from "./rounds.ts";

/** The subjects to which tables show ratios, if they take part. The JSON has all ratios. */
const REFERENCES: Readonly<Record<string, string>> = {
  "no-worker": "no worker",
  "constant-header": "constant header",
  "msal-pattern": "MSAL's pattern",
  "msal-under-worker": "the same under a worker",
  "bound-by-hand": "by hand",
  "smallest-worker": "smallest worker",
  "asking-worker": "smallest that asks",
  "asking-for-proof": "smallest that asks",
  "bearer-worker-before": "the version before",
};
/** Cases of the README, with their requests in one sample. */
const SUMMARY = { matched: 100, cold: 2 } as const;
/** Prefixes of cases that differ in size only, and share a table. */
const SERIES: Readonly<Record<string, string>> = {
  growth: "Deciding for one request, by entries in the map",
  hostile: "Deciding for `/aaa…` with the key `/*a*a*b`, by the length of the path",
};

/** Tables in Markdown: medians, and ratios to the references with their spread over the rounds. */
export function tablesOf(measured: readonly Samples[]): string {
  const series = Object.keys(SERIES).map((name) => ({
    name,
    members: measured.filter(({ metric }) => metric.name.startsWith(`${name}/`)),
  }));
  const inSeries = new Set(series.flatMap(({ members }) => members));
  return [
    ...measured.filter((samples) => !inSeries.has(samples)).map(tableOf),
    ...series
      .filter(({ members }) => members.length > 0)
      .map(({ name, members }) => seriesTable(SERIES[name] ?? name, members)),
  ].join("\n\n");
}

/**
 * The README's sentences: the time that a protected request takes longer than without a worker. `null` unless all of its cases
 * were measured.
 */
export function summaryOf(measured: readonly Samples[]): string | null {
  const running = added(measured, "matched");
  const stopped = added(measured, "cold");
  return running && stopped
    ? `A protected request takes ${running} ms longer than without a worker. It takes ${stopped} ms longer if the browser has stopped the worker.`
    : null;
}

/** Milliseconds that one request of a case takes beyond the same request without a worker. */
function added(measured: readonly Samples[], name: keyof typeof SUMMARY): string | null {
  const samples = measured.find(({ metric }) => metric.name === name);
  if (!samples) return null;
  const medianOf = (wanted: string): number =>
    resultsOf(samples).find(({ subject }) => subject === wanted)?.median ?? NaN;
  return ((medianOf("bearer-worker") - medianOf("no-worker")) / SUMMARY[name]).toPrecision(2);
}

function tableOf(samples: Samples): string {
  const { metric } = samples;
  const results = resultsOf(samples);
  const references = Object.keys(REFERENCES).filter((name) => results.some(({ ratios }) => ratios[name]));
  return table(
    [metric.title, "median", ...references.map((name) => `to ${REFERENCES[name]}`)],
    results.map((result) => [
      label(result),
      quantity(result.median, metric),
      ...references.map((name) => spread(result.ratios[name])),
    ]),
  );
}

function seriesTable(title: string, members: readonly Samples[]): string {
  const subjects = [...(members[0]?.samples.keys() ?? [])];
  return table(
    [title, ...subjects],
    members.map((samples) => [
      samples.metric.title,
      ...resultsOf(samples).map(({ median }) => quantity(median, samples.metric)),
    ]),
  );
}

const label = ({ subject }: Result): string => (subject === "bearer-worker" ? `**${subject}**` : subject);

const spread = (ratio: Ratio | undefined): string =>
  ratio ? `${digits(ratio.median)} (${digits(ratio.min)}–${digits(ratio.max)})` : "";

const digits = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));

function quantity(value: number, { unit }: Metric): string {
  if (unit === "count") return value.toFixed(0);
  if (unit === "bytes") return value < 10_000 ? `${value} bytes` : `${(value / 1_000).toFixed(0)} kB`;
  const nanoseconds = unit === "ns" ? value : value * 1e6;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toPrecision(3)} µs`;
  return `${Number((nanoseconds / 1e6).toPrecision(3))} ms`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(...[head, ...rows].map((row) => (row[i] ?? cell).length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
