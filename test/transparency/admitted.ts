import { readFileSync, writeFileSync } from "node:fs";
import type { Observation } from "./observe-variants.ts";

/** How many variants show a difference, by how their requests are made. */
export type Tally = Readonly<Record<string, number>>;
/** Differences by their name. */
export type Differences = Readonly<Record<string, Tally>>;

/** A sentence of docs/limits.md, and the differences that this sentence admits. */
interface Admission {
  readonly sentence: string;
  readonly differences: Differences;
}

const FILE = new URL("admitted.json", import.meta.url);
const isRecording = process.env["TRANSPARENCY"] === "record";

/** Differences that are admitted for one condition, by its name in `admitted.json`. */
export interface Admitted {
  readonly differences: Differences;
  readonly sentences: readonly string[];
  /** The differences in a table, by the sentence that admits them. */
  readonly table: string;
}

/**
 * Reads the admitted differences. `TRANSPARENCY=record` first replaces them by the differences that were found. A
 * difference that no sentence admits yet goes under an empty sentence.
 */
export function readAdmitted(condition: string, found: Differences): Admitted {
  const file = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, Admission[]>;
  if (isRecording) {
    file[condition] = record(file[condition] ?? [], found);
    writeFileSync(FILE, `${JSON.stringify(file, null, 2)}\n`);
  }
  const admissions = file[condition] ?? [];
  return {
    differences: Object.assign({}, ...admissions.map(({ differences }) => differences)) as Differences,
    sentences: admissions.map(({ sentence }) => sentence),
    table: admissions.map(toRows).join("\n"),
  };
}

function record(admissions: readonly Admission[], found: Differences): Admission[] {
  const sentences = admissions.map(({ sentence }) => sentence);
  const sentenceOf = (difference: string): string =>
    admissions.find(({ differences }) => difference in differences)?.sentence ?? "";
  return [...new Set([...sentences, ""])]
    .map((sentence) => ({
      sentence,
      differences: Object.fromEntries(
        Object.entries(found).filter(([difference]) => sentenceOf(difference) === sentence),
      ),
    }))
    .filter(({ differences }) => Object.keys(differences).length > 0);
}

const toRows = ({ sentence, differences }: Admission): string =>
  [
    sentence,
    ...Object.entries(differences).map(([difference, tally]) => {
      const counts = Object.entries(tally).map(([via, count]) => `${count} ${via}`);
      return `  ${difference.padEnd(56)} ${counts.join(", ")}`;
    }),
  ].join("\n");

/** Counts variants with the same difference, sorted for comparison by eye. */
export function tally(
  found: readonly { observation: Observation; differences: readonly string[] }[],
): Differences {
  const counts: Record<string, Record<string, number>> = {};
  for (const { observation, differences } of found) {
    const { call } = observation.variant;
    const via = call.via === "element" ? `<${call.tag}>` : call.via;
    for (const difference of differences) {
      const count = (counts[difference] ??= {});
      count[via] = (count[via] ?? 0) + 1;
    }
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
