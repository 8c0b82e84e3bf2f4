import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const EXAMPLES = join(REPOSITORY, "examples");

/** The folder of an example in this repository. */
export function exampleDirectory(name: string): string {
  const directory = join(EXAMPLES, name);
  if (exampleNames().includes(name)) return directory;
  throw new Error(`There is no example "${name}". The examples are ${exampleNames().join(", ")}.`);
}

/** The folders of examples/ that can be installed. */
export function exampleNames(): string[] {
  return readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "package.json")));
}

/**
 * Packs the built package as it would be published. Adds the declarations if they are missing.
 *
 * @returns the tarball's path
 */
export function packProduct(into: string): string {
  if (!existsSync(join(REPOSITORY, "dist/types"))) npm(REPOSITORY, ["run", "types"]);
  // Scripts are off: they would rebuild dist/ while other processes use it.
  const printed = npm(REPOSITORY, ["pack", "--ignore-scripts", "--json", "--pack-destination", into]);
  return join(into, /"filename": "(.+)"/.exec(printed)?.[1] ?? "");
}

/** Installs an example's dependencies, with the tarball in place of the published package, and builds the example. */
export function buildExample(directory: string, tarball: string): void {
  const quietly = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  npm(directory, ["install", "--no-save", "--no-package-lock", ...quietly, tarball]);
  npm(directory, ["run", "build"]);
}

/** The folders that a built example is served from; the first hit wins. The stack serves `/demo-config.js`. */
export function exampleRoots(directory: string): string[] {
  return [join(directory, "dist"), join(directory, "public"), join(EXAMPLES, "assets")];
}

/** @throws Error with npm's output */
function npm(directory: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd: directory,
    encoding: "utf8",
    // An example's build tells nobody about itself.
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    // On Windows npm is a script, so only a shell can start it.
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ${args[0]} failed in ${directory}:\n${stdout}${stderr}`);
  return stdout;
}
