import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import type { Bench } from "../bench.ts";
import type { Case } from "./case.ts";

const DIST = new URL("../../dist/", import.meta.url);

/** What a worker's scripts weigh on the wire, compressed. */
export const workerBytes: Case = {
  metrics: [{ name: "bytes/worker", title: "Worker, brotli", unit: "bytes" }],
  subjects: ["smallest-worker", "axa-oidc", "bearer-worker"],
  rounds: 1,
  isExact: true,
  measure(subject, bench: Bench) {
    const files = bench.subject(subject).files?.("", { site: "", issuer: "" }) ?? {};
    const scripts = Object.entries(files).filter(([name]) => name.endsWith(".js"));
    return Promise.resolve([scripts.reduce((sum, [, text]) => sum + weightOf(text), 0)]);
  },
};

/** What the page part weighs on the wire, compressed and without MSAL. */
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
  rounds: 1,
  isExact: true,
  measure() {
    const atOnce = filesFrom("index.js", /(?:import|from)\s*"\.\/(index[^"]*)"/g);
    const later = filesFrom("index.js", /"\.\/(index[^"]*)"/g).filter((file) => !atOnce.includes(file));
    return Promise.resolve(
      [atOnce, later].map((files) => files.reduce((sum, file) => sum + weightOf(textOf(file)), 0)),
    );
  },
};

const textOf = (file: string): string => readFileSync(new URL(file, DIST), "utf8");
const weightOf = (text: string): number => brotliCompressSync(text).length;

/** A file of dist/ and all that it imports. */
function filesFrom(file: string, imports: RegExp, found: string[] = []): string[] {
  if (found.includes(file)) return found;
  found.push(file);
  for (const [, other = ""] of textOf(file).matchAll(imports)) filesFrom(other, imports, found);
  return found;
}
