import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { EngineName } from "./engine-name.ts";
import type { Outcome } from "./measure-kind.ts";
import type { Origin } from "./site-window.ts";

/** What was measured in an engine, as it is checked in. */
export interface Measured {
  /** What came of every kind of request, by its name and where the API is. */
  kinds: Record<string, Partial<Record<Origin, Outcome>>>;
  /** In what requests differ from those that are sent without a worker, by where the API is and the variant's name. */
  fidelity: Partial<Record<Origin, Record<string, string[]>>>;
}

/** Whether this run writes down what it measures, instead of holding it against what was written down. */
export const isRecording = process.env["RECORD"] === "1";

export function readMeasured<Name extends keyof Measured>(engine: EngineName, name: Name): Measured[Name] {
  const file = fileOf(engine, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Measured[Name]) : {};
}

/** Replaces one entry of what was measured. */
export function recordMeasured<Name extends keyof Measured>(
  engine: EngineName,
  name: Name,
  key: string,
  entry: Measured[Name][keyof Measured[Name]],
): void {
  const measured = { ...readMeasured(engine, name), [key]: entry };
  writeFileSync(fileOf(engine, name), `${JSON.stringify(measured, null, 2)}\n`);
}

const fileOf = (engine: EngineName, name: keyof Measured): URL =>
  new URL(`measured/${name}.${engine}.json`, import.meta.url);
