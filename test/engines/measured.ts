import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { EngineName } from "./engine-name.ts";
import type { Outcome } from "./measure-kind.ts";
import type { Origin } from "./site-window.ts";

/** The measurements of an engine, as they are checked in. */
export interface Measured {
  /** The outcome of every kind of request, by the kind's name and the API's origin. */
  kinds: Record<string, Partial<Record<Origin, Outcome>>>;
  /** The differences from requests that are sent without a worker, by the API's origin and the variant's name. */
  fidelity: Partial<Record<Origin, Record<string, string[]>>>;
}

/** Whether this run records its measurements, instead of comparing them with the recorded ones. */
export const isRecording = process.env["RECORD"] === "1";

export function readMeasured<Name extends keyof Measured>(engine: EngineName, name: Name): Measured[Name] {
  const file = fileOf(engine, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Measured[Name]) : {};
}

/** Replaces one entry of the recorded measurements. */
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
