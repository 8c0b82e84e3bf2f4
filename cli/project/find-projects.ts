import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { findAngular } from "./angular.ts";
import { findCreateReactApp } from "./create-react-app.ts";
import { readManifest } from "./manifest.ts";
import { findNext } from "./next.ts";
import type { Project } from "./project.ts";
import { findVite } from "./vite.ts";

/** Vite comes last: the tests of other frameworks often have it. */
const FINDERS = [findAngular, findNext, findCreateReactApp, findVite];

/**
 * Finds the projects that a folder is the root of. If the scripts of package.json run some of them, only these count. One of
 * several with the same folder of static files stands for all of them.
 */
export async function findProjects(folder: string): Promise<readonly Project[]> {
  const manifest = await readManifest(folder);
  const all = (await Promise.all(FINDERS.map((find) => find(folder, manifest)))).flat();
  const run = all.filter(({ command }) => manifest.scripts.some((script) => command.test(script)));
  const counting = run.length > 0 ? run : all;
  const distinct = counting.filter(
    ({ directory }, index) => counting.findIndex((other) => other.directory === directory) === index,
  );
  return await Promise.all(distinct.map(checked));
}

/** A project's own files must not lead `init` out of the project. */
async function checked(project: Project): Promise<Project> {
  if (project.doubt) return project;
  const { root, directory } = project;
  const found = await stat(directory).catch(() => null);
  const parent = await realpath(found ? directory : dirname(directory)).catch(() => null);
  const isInside = parent !== null && contains(await realpath(root), parent);
  return !isInside || (found && !found.isDirectory())
    ? { ...project, doubt: `${directory} is no folder of the project.` }
    : project;
}

/** Folders of other things than projects. */
const SKIPPED = /^(?:\.|node_modules$|dist$|build$|out$|coverage$)/;

/** Finds projects in the folders of a workspace, up to two levels below its root. */
export async function findProjectsBelow(folder: string, levels = 2): Promise<readonly Project[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries
    .filter((entry) => entry.isDirectory() && !SKIPPED.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
  const found: Project[] = [];
  for (const within of folders) {
    const projects = await findProjects(within);
    found.push(...projects);
    if (projects.length === 0 && levels > 1) found.push(...(await findProjectsBelow(within, levels - 1)));
  }
  return found;
}

/** Finds the project that a folder of static files belongs to, in the folders around it. The repository's root is the last. */
export async function findProjectAround(folder: string): Promise<Project | null> {
  for (let around = resolve(folder); ; around = dirname(around)) {
    const projects = await findProjects(relative(process.cwd(), around) || ".");
    const own = projects.find(
      ({ root, directory }) => contains(directory, folder) || resolve(root) === resolve(folder),
    );
    if (own) return own;
    if (around === dirname(around) || (await stat(join(around, ".git")).catch(() => null))) return null;
  }
}

function contains(outer: string, inner: string): boolean {
  const path = relative(resolve(outer), resolve(inner));
  return path === "" || (!/^\.\.(?:[\\/]|$)/.test(path) && !isAbsolute(path));
}
