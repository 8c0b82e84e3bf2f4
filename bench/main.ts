import { parseArgs } from "node:util";
import { Bench } from "./bench.ts";
import { startBenchSite } from "./bench-site.ts";
import { casesFor } from "./cases/cases.ts";
import { launchChromium } from "./chromium.ts";
import { buildMatchers } from "./matchers-bundle.ts";
import { recordChart, recordTables } from "./record.ts";
import { resultsOf } from "./results.ts";
import { measureCase, type Samples } from "./rounds.ts";
import { builtBefore } from "./subjects/ours.ts";
import { SUBJECTS } from "./subjects/subjects.ts";
import { tablesOf } from "./table.ts";

const HELP = `npm run bench [-- options]

  --only <case>   one case, such as matched, or a group of them, such as growth
  --rounds <n>    number of turns of each subject; each case has a default
  --before <dir>  measure the version of another checkout, built in its dist/, beside this one
  --json          print results as JSON
  --chart         draw docs/performance.svg
  --record        draw it, and put the numbers into docs/performance.md and the README
`;

const note = (text: string): void => void process.stderr.write(`${text}\n`);

try {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      rounds: { type: "string" },
      before: { type: "string" },
      json: { type: "boolean", default: false },
      chart: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else await run(values);
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run(options: {
  only?: string | undefined;
  rounds?: string | undefined;
  before?: string | undefined;
  json: boolean;
  chart: boolean;
  record: boolean;
}): Promise<void> {
  const rounds = options.rounds === undefined ? undefined : Number(options.rounds);
  if (rounds !== undefined && !(rounds >= 1)) throw new Error("--rounds takes a number of at least 1.");
  if (options.before !== undefined && (options.chart || options.record))
    throw new Error("--chart and --record show the present version alone. Omit --before.");
  const before = options.before === undefined ? undefined : builtBefore(options.before);
  const subjects = before ? [...SUBJECTS, before] : SUBJECTS;
  const cases = casesFor(options.only, before);
  const measured: Samples[] = [];

  const site = await startBenchSite(subjects, await buildMatchers());
  const chromium = await launchChromium();
  try {
    note(`${chromium.product}: ${cases.length} cases`);
    const bench = new Bench(chromium, site, subjects);
    for (const [i, one] of cases.entries()) {
      const start = Date.now();
      measured.push(...(await measureCase(one, bench, rounds)));
      const seconds = ((Date.now() - start) / 1_000).toFixed(1);
      note(`${i + 1}/${cases.length} ${one.metrics.map(({ name }) => name).join(", ")}: ${seconds} s`);
    }
  } finally {
    await chromium.close();
    await site.close();
  }

  if (options.chart || options.record) await recordChart(measured);
  if (options.record) await recordTables(measured, chromium.product);
  console.log(options.json ? JSON.stringify(measured.flatMap(resultsOf), null, 2) : tablesOf(measured));
}
