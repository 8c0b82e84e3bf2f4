import type { Msal } from "./project/msal.ts";
import type { Project } from "./project/project.ts";
import type { FileState } from "./site-files.ts";
import { describeNextSteps } from "./steps/next-steps.ts";

/** A run of `init`. */
export interface InitResult {
  readonly directory: string;
  /** The argument, as it was given. */
  readonly argument: string | undefined;
  readonly project: Project | null;
  /** Null without a project. */
  readonly msal: Msal | null;
  /** The range of MSAL's versions that the package supports. */
  readonly supported: string;
  /** Files that should describe a project, and are no valid JSON. */
  readonly broken: readonly string[];
  /** The state in which each file was found, and the action taken, or to take. */
  readonly outcomes: readonly { readonly path: string; readonly state: FileState; readonly action: string }[];
  readonly ok: boolean;
  /** Whether a file of the site's own was in the way. */
  readonly refused: boolean;
  readonly check: boolean;
  readonly dryRun: boolean;
  readonly bundler: boolean;
}

const STATES: Readonly<Record<FileState, string>> = {
  missing: "missing",
  current: "unchanged",
  stale: "stale",
  modified: "changed since bearer-worker wrote it",
  foreign: "not written by bearer-worker",
};

/** Says what `init` found and did: the lines to print. */
export function describeInit(result: InitResult): string[] {
  const { directory, project, msal, outcomes, ok, refused, check, dryRun } = result;
  const lines = [...describeFindings(result), ...outcomes.map((outcome) => describeFile(outcome, result))];
  if (check) return ok ? lines : [...lines, "", `Run "${repeated(result)}" to bring the files up to date.`];
  if (refused)
    return [
      ...lines,
      "",
      `No file ${dryRun ? "would be" : "was"} written. Rename your own files, or overwrite them with --force.`,
    ];
  if (!dryRun && !outcomes.some(({ action }) => action === "created")) return lines;
  return [...lines, ...describeNextSteps(directory, project, result.bundler || project !== null, msal)];
}

function describeFindings({ directory, project, msal, supported, broken }: InitResult): string[] {
  const lines = broken.map((path) => `${path} is no valid JSON, so it was not read.`);
  if (project && msal) {
    lines.push(
      `Found ${project.name} in ${project.root === "." ? "this folder" : project.root}. Its folder of static files is ${directory}. Found ${describeMsal(msal)}.`,
    );
    if (msal.support === "older")
      lines.push(`This version of MSAL is not supported. Update it: bearer-worker needs ${supported}.`);
    if (msal.support === "newer")
      lines.push(`This version of MSAL is newer than the versions that bearer-worker knows, ${supported}.`);
  }
  return lines.length > 0 ? [...lines, ""] : [];
}

const describeMsal = ({ range, installed }: Msal): string =>
  range === null && installed === null
    ? "no MSAL"
    : `MSAL ${[
        ...(range === null ? [] : [`"${range}" in package.json`]),
        ...(installed === null ? [] : [`${installed} in node_modules`]),
      ].join(", ")}`;

function describeFile(
  { path, state, action }: InitResult["outcomes"][number],
  { refused, check, dryRun }: InitResult,
): string {
  if (action !== "none") return `${path}: ${dryRun ? `would be ${action}` : action}`;
  const isKept = refused && !check && (state === "modified" || state === "foreign");
  return `${path}: ${STATES[state]}${isKept ? ", so not overwritten" : ""}`;
}

/** The command to run in place of `--check`. */
const repeated = ({ argument, bundler }: InitResult): string =>
  [
    "bearer-worker init",
    ...(argument === undefined ? [] : [argument]),
    ...(bundler ? ["--bundler"] : []),
  ].join(" ");
