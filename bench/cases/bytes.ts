import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { Bench } from "../bench.ts";
import { DIST } from "../subjects/ours.ts";
import type { Case } from "./case.ts";

/** The compressed size of a worker's scripts. */
export const workerBytes: Case = {
  metrics: [{ name: "bytes/worker", title: "Worker, brotli", unit: "bytes" }],
  subjects: ["smallest-worker", "axa-oidc", "bearer-worker"],
  includesBefore: true,
  rounds: 1,
  isExact: true,
  measure(subject, bench: Bench) {
    const files = bench.subject(subject).files?.("", { site: "", issuer: "" }) ?? {};
    const scripts = Object.entries(files).filter(([name]) => name.endsWith(".js"));
    return Promise.resolve([scripts.reduce((sum, [, text]) => sum + weightOf(text), 0)]);
  },
};

/** The compressed size of the page part, without MSAL. */
export const pageBytes: Case = {
  metrics: [
    { name: "bytes/page", title: "Page part, brotli", unit: "bytes" },
    {
      name: "bytes/page-later",
      title: "Page part, all that it may load later, with every language of the dialog, brotli",
      unit: "bytes",
    },
  ],
  subjects: ["bearer-worker"],
  includesBefore: true,
  rounds: 1,
  isExact: true,
  measure(subject, bench: Bench) {
    const dist = bench.subject(subject).dist ?? DIST;
    const atOnce = filesFrom(dist, "index.js", /(?:import|from)\s*"\.\/([\w-]+\.js)"/g);
    const all = filesFrom(dist, "index.js", /"\.\/([\w-]+\.js)"/g);
    const later = all.filter((file) => !atOnce.includes(file));
    return Promise.resolve(
      [atOnce, later].map((files) => files.reduce((sum, file) => sum + weightOf(textOf(dist, file)), 0)),
    );
  },
};

const textOf = (dist: string, file: string): string => readFileSync(join(dist, file), "utf8");
const weightOf = (text: string): number => brotliCompressSync(text).length;

/** A file of `dist` and all that it imports. */
function filesFrom(dist: string, file: string, imports: RegExp, found: string[] = []): string[] {
  if (found.includes(file)) return found;
  found.push(file);
  for (const [, other = ""] of textOf(dist, file).matchAll(imports)) filesFrom(dist, other, imports, found);
  return found;
}
