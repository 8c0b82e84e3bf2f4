import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { chartOf } from "./chart.ts";
import type { Samples } from "./rounds.ts";
import { summaryOf, tablesOf } from "./table.ts";

const REPOSITORY = new URL("../", import.meta.url);
const MARKS = ["<!-- bench -->", "<!-- /bench -->"] as const;

/** Draws docs/performance.svg. */
export async function recordChart(measured: readonly Samples[]): Promise<void> {
  await writeFile(new URL("docs/performance.svg", REPOSITORY), chartOf(measured));
}

/** Writes the tables between the marks of docs/performance.md, and their summary between those of the README. */
export async function recordTables(measured: readonly Samples[], browser: string): Promise<void> {
  const where = `${browser} on ${process.platform}, ${cpus().length} processors.`;
  await replace("docs/performance.md", `${where}\n\n${tablesOf(measured)}`);
  const summary = summaryOf(measured);
  if (summary) await replace("README.md", summary);
}

/** @throws Error when the file has no marks */
async function replace(file: string, text: string): Promise<void> {
  const url = new URL(file, REPOSITORY);
  const old = await readFile(url, "utf8");
  const [start, end] = MARKS.map((mark) => old.indexOf(mark)) as [number, number];
  if (start < 0 || end < start)
    throw new Error(`${file} has no ${MARKS.join(" … ")}. Add these marks to it.`);
  await writeFile(url, `${old.slice(0, start + MARKS[0].length)}\n\n${text}\n\n${old.slice(end)}`);
}
