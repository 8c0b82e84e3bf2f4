import { ENGINES, type EngineName } from "./engine-name.ts";
import type { Outcome } from "./measure-kind.ts";
import { type Measured, readMeasured } from "./measured.ts";
import type { Origin } from "./site-window.ts";

const TITLES: Readonly<Record<EngineName, string>> = {
  chromium: "Chromium",
  firefox: "Firefox",
  webkit: "WebKitGTK",
};

const SIGNS: Readonly<Record<Outcome, string>> = {
  token: "✓",
  "token, not usable": "not usable",
  "no token": "no token",
  "nothing sent": "not sent",
};

/** The table of the kinds of requests that reach the worker, from the measurements in each engine. */
export function engineTable(): string {
  const measured = ENGINES.map((engine) => readMeasured(engine, "kinds"));
  const rows = Object.keys(measured[0] ?? {}).map((kind) => [
    kind,
    ...measured.map((kinds) => cell(kinds[kind])),
  ]);
  const table = [
    ["", ...ENGINES.map((engine) => TITLES[engine])],
    ["---", ...ENGINES.map(() => "---")],
    ...rows,
  ];
  return table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** One sign if both origins agree, otherwise one sign for each. */
function cell(outcomes: Measured["kinds"][string] = {}): string {
  const found = Object.entries(outcomes) as [Origin, Outcome][];
  const signs = new Set(found.map(([, outcome]) => SIGNS[outcome]));
  return signs.size === 1
    ? ([...signs][0] ?? "")
    : found.map(([origin, outcome]) => `${origin}: ${SIGNS[outcome]}`).join(", ");
}
