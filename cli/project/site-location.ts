import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../command.ts";
import { requireDirectory } from "../site-files.ts";
import { findProjectAround, findProjects, findProjectsBelow } from "./find-projects.ts";
import { readJson } from "./json-file.ts";
import { readManifest } from "./manifest.ts";
import type { Project } from "./project.ts";

/** The folder of a command's files. */
export interface SiteLocation {
  readonly directory: string;
  /** The project that the folder belongs to; null for a folder of plain files. */
  readonly project: Project | null;
}

/** The choice is the user's: the folders that a command could mean, each with its reason. */
export interface Proposals {
  readonly proposals: readonly { readonly directory: string; readonly reason: string }[];
}

/**
 * Finds the folder that a command means. A project's folder stands for its static files, and any other folder for itself.
 * Without an argument the current folder has to be a project. Only a project says itself which folder it serves: of plain
 * folders there are proposals, as there are if several projects are found.
 *
 * @throws UsageError when nothing was found
 * @throws Error when the argument is no directory
 */
export async function locateSite(
  argument: string | undefined,
  command: string,
): Promise<SiteLocation | Proposals> {
  const given = argument ?? ".";
  if (argument !== undefined && !(await isServedByProject(argument)))
    await requireDirectory(argument, command);
  const projects = await findProjects(given);
  const [only, ...others] = projects;
  if (only && others.length === 0 && !only.doubt) return { directory: only.directory, project: only };
  if (only) return { proposals: proposalsOf(projects) };
  if (argument !== undefined) {
    const around = await findProjectAround(argument);
    // An application in a workspace of Angular is described in the workspace's folder.
    const isRoot = around && !around.doubt && (await isSame(around.root, argument));
    return { directory: isRoot ? around.directory : argument, project: around };
  }

  const below = await findProjectsBelow(given);
  const proposals = below.length > 0 ? proposalsOf(below) : await plainFolders();
  if (proposals.length > 0) return { proposals };
  const broken = await brokenDescriptions(given);
  throw new UsageError(
    `${broken.map((path) => `${path} is no valid JSON. `).join("")}This folder is no project of Vite, Next.js, Angular or Create React App. Give the directory that is served as the root of your site, as in "bearer-worker ${command} public".`,
  );
}

/** Whether a folder is a project's own, which `init` may create. */
async function isServedByProject(folder: string): Promise<boolean> {
  const around = await findProjectAround(folder);
  return around !== null && !around.doubt && resolve(around.directory) === resolve(folder);
}

/** A project's folder will do, unless it stands for several, or does not say what it serves. */
const proposalsOf = (projects: readonly Project[]): Proposals["proposals"][number][] =>
  projects.map(({ name, root, directory, doubt }) => {
    const isShared = projects.filter((other) => other.root === root).length > 1;
    return { directory: isShared || doubt ? directory : root, reason: doubt ? `${name}: ${doubt}` : name };
  });

/** Usual names of the folder that a server of plain files serves. */
const PLAIN = ["public", "static", "www", "wwwroot", "site", "."];

async function plainFolders(): Promise<Proposals["proposals"][number][]> {
  const found = await Promise.all(
    PLAIN.map(async (directory) => ((await isFile(join(directory, "index.html"))) ? [directory] : [])),
  );
  return found.flat().map((directory) => ({ directory, reason: "plain files, with an index.html" }));
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isFile() === true;

async function isSame(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([stat(path).catch(() => null), stat(other).catch(() => null)]);
  return one !== null && two !== null && one.ino === two.ino && one.dev === two.dev;
}

/** The files of a folder that describe a project and cannot be read as JSON. */
export async function brokenDescriptions(folder: string): Promise<string[]> {
  const states = [
    ["package.json", (await readManifest(folder)).state],
    ["angular.json", (await readJson(join(folder, "angular.json"))).state],
  ] as const;
  return states.filter(([, state]) => state === "broken").map(([name]) => join(folder, name));
}
