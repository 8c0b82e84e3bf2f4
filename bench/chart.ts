import { type Result, resultsOf } from "./results.ts";
import type { Samples } from "./rounds.ts";
import { SUBJECTS } from "./subjects/subjects.ts";

/** The cases in the chart, with their titles. Times are shown as multiples of the time without a worker. */
const CHARTED: Readonly<Record<string, string>> = {
  unmatched: "Requests outside the map, one after the other",
  "cold/unmatched": "The same, worker stopped",
  matched: "Requests to protected resources, one after the other",
  "matched/parallel": "The same, 300 at once",
  cold: "The same, worker stopped",
};
const FLOOR = "no-worker";
const OURS = "bearer-worker";

const WIDTH = 760;
const LABELS = 240;
const BARS = 400;
const ROW = 20;
const GAP = 44;
const TOP = 66;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .group { font-weight: 600; }
  .note { fill: #59636e; font-size: 12px; }
  .bar { fill: #8c959f; }
  .own .bar { fill: #0969da; }
  .own text { font-weight: 600; }
  .spread { stroke: #1f2328; stroke-width: 1.5; }
  .one { stroke: #59636e; stroke-dasharray: 3 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .bar { fill: #656c76; }
    .own .bar { fill: #4493f8; }
    .spread { stroke: #e6edf3; }
    .one { stroke: #9198a1; }
  }
`;

/** Draws the measured cases of the chart as an SVG document for light and dark pages. */
export function chartOf(measured: readonly Samples[]): string {
  let y = TOP;
  const groups: string[] = [];
  const sentences: string[] = [];
  for (const [name, title] of Object.entries(CHARTED)) {
    const samples = measured.find(({ metric }) => metric.name === name);
    if (!samples) continue;
    const results = resultsOf(samples).filter(({ ratios }) => ratios[FLOOR]);
    groups.push(groupOf(title, results, y));
    y += GAP + results.length * ROW;
    const own = results.find(({ subject }) => subject === OURS)?.ratios[FLOOR];
    if (own) sentences.push(`${title}: ${OURS} ${times(own.median)}.`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-labelledby="title description">
  <title id="title">Time of requests with several service workers, as multiples of the time without one</title>
  <desc id="description">${escape(sentences.join(" "))} All numbers are in docs/performance.md.</desc>
  <style>${STYLE}</style>
  <text class="title" x="0" y="20">Time of a request, as a multiple of the time without a worker</text>
  <text class="note" x="0" y="40">Chromium, API on the same machine: medians, and the least and greatest of all rounds. Shorter is better.</text>
${groups.join("\n")}
</svg>
`;
}

function groupOf(title: string, results: readonly Result[], top: number): string {
  // The greatest ratios come from other load on the machine. A line that would leave the picture ends at its edge.
  const scale = BARS / (1.3 * Math.max(1, ...results.map(({ ratios }) => ratios[FLOOR]?.median ?? 0)));
  const x = (ratio: number): string => (LABELS + Math.min(ratio * scale, BARS)).toFixed(1);
  const rows = results.map(({ subject, ratios }, row) => {
    const { median = NaN, min = NaN, max = NaN } = ratios[FLOOR] ?? {};
    const middle = top + 22 + row * ROW;
    return `    <g${subject === OURS ? ' class="own"' : ""}>
      <text x="${LABELS - 10}" y="${middle + 4}" text-anchor="end">${escape(titleOf(subject))}</text>
      <rect class="bar" x="${LABELS}" y="${middle - 6}" width="${(Number(x(median)) - LABELS).toFixed(1)}" height="12" rx="2" />
      <path class="spread" d="M${x(min)} ${middle}H${x(max)}" />
      <text x="${LABELS + BARS + 12}" y="${middle + 4}">${times(median)}</text>
    </g>`;
  });
  const bottom = top + 14 + results.length * ROW;
  return `  <g>
    <text class="group" x="0" y="${top}">${escape(title)}</text>
    <path class="one" d="M${x(1)} ${top + 10}V${bottom}" />
${rows.join("\n")}
  </g>`;
}

const titleOf = (subject: string): string => SUBJECTS.find(({ name }) => name === subject)?.title ?? subject;
const times = (ratio: number): string => `${ratio.toFixed(2)}×`;
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
