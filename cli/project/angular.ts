import { join } from "node:path";
import { isObject, type JsonObject, objectAt, readJson } from "./json-file.ts";
import type { Manifest } from "./manifest.ts";
import { basePath, type Finder, firstIn, type Project } from "./project.ts";

/**
 * Finds the applications of angular.json. New ones serve `public/` at their root. Before Angular 18, `src/assets/` is served
 * at `/assets/`, where a worker could not serve the whole site, so that angular.json needs one more entry.
 */
export const findAngular: Finder = async (folder, manifest) => {
  const file = await readJson(join(folder, "angular.json"));
  if (file.state !== "read") return [];
  const projects: Project[] = [];
  for (const [name, value] of Object.entries(objectAt(file.value, "projects"))) {
    const project = isObject(value) && (await applicationOf(folder, manifest, name, value));
    if (project) projects.push(project);
  }
  return projects;
};

async function applicationOf(
  folder: string,
  manifest: Manifest,
  name: string,
  value: JsonObject,
): Promise<Project | null> {
  const targets = { ...objectAt(value, "targets"), ...objectAt(value, "architect") };
  const build = objectAt(targets, "build");
  const options = objectAt(build, "options");
  // Tests of old workspaces are applications, too, and have nothing to build.
  if (value["projectType"] !== "application" || typeof build["builder"] !== "string") return null;

  // A build without `--configuration` takes this one, whose options replace the others.
  const configuration = objectAt(
    objectAt(build, "configurations"),
    textOr(build["defaultConfiguration"], "production"),
  );
  const baseHref = configuration["baseHref"] ?? options["baseHref"];
  const own = textOr(value["root"], "");
  const sourceRoot = textOr(value["sourceRoot"], posixJoin(own, "src"));
  const assets = Array.isArray(options["assets"]) ? (options["assets"] as readonly unknown[]) : [];
  const served = assets.map(servedAtRoot).find((input) => input !== null) ?? null;
  const input = served ?? posixJoin(sourceRoot, "assets");
  const entry = await firstIn(
    folder,
    ["app.config.ts", "app.module.ts", "app-module.ts"].map((file) => posixJoin(sourceRoot, "app", file)),
  );
  return {
    framework: "angular",
    name: `Angular (project "${name}")`,
    root: join(folder, own),
    directory: join(folder, input),
    doubt: null,
    base: typeof baseHref === "string" ? basePath(baseHref) : "/",
    command: /\bng\s+(?:serve|build)\b/,
    manifest,
    source: {
      entry: join(folder, entry ?? posixJoin(sourceRoot, "main.ts")),
      added: join(folder, sourceRoot, "app/tokens.ts"),
      isTyped: true,
      asset: served === null ? { file: join(folder, "angular.json"), project: name, input } : null,
    },
  };
}

/** The folder that an entry of `assets` serves as a whole at the root of the site; null if it serves something else. */
function servedAtRoot(asset: unknown): string | null {
  if (!isObject(asset)) return null;
  const { glob, input, output = "/" } = asset;
  // The second pattern is the one that `init` prints.
  const takesFiles = glob === "**/*" || glob === "bearer-*";
  const isRoot = typeof output === "string" && /^(?:\.?\/?)$/.test(output);
  const isOwn = typeof input === "string" && !/(?:^|\/)node_modules(?:\/|$)/.test(input);
  return takesFiles && isRoot && isOwn ? input.replace(/\/+$/, "") : null;
}

const textOr = (value: unknown, other: string): string => (typeof value === "string" ? value : other);

/** Paths in angular.json have slashes in any system. */
const posixJoin = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("/");
