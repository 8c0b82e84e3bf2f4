import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const EXAMPLES = join(REPOSITORY, "examples");

/** Where an example is kept in this repository. */
export function exampleDirectory(name: string): string {
  const directory = join(EXAMPLES, name);
  if (exampleNames().includes(name)) return directory;
  throw new Error(`There is no example "${name}": take ${exampleNames().join(", ")}`);
}

/** The folders of examples/ that can be installed. */
export function exampleNames(): string[] {
  return readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "package.json")));
}

/**
 * Packs what is built, as it would be published. Declarations are added where there are none yet.
 *
 * @returns the tarball's path
 */
export function packProduct(into: string): string {
  if (!existsSync(join(REPOSITORY, "dist/types"))) npm(REPOSITORY, ["run", "types"]);
  // Without its scripts, which would build anew under the feet of whoever uses dist/.
  const printed = npm(REPOSITORY, ["pack", "--ignore-scripts", "--json", "--pack-destination", into]);
  return join(into, /"filename": "(.+)"/.exec(printed)?.[1] ?? "");
}

/** Installs what an example depends on, with the tarball in the place of the published package, and builds it. */
export function buildExample(directory: string, tarball: string): void {
  const quietly = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  npm(directory, ["install", "--no-save", "--no-package-lock", ...quietly, tarball]);
  npm(directory, ["run", "build"]);
}

/** What a built example is served from, the first hit wins. Its configuration, `/demo-config.js`, is the stack's. */
export function exampleRoots(directory: string): string[] {
  return [join(directory, "dist"), join(directory, "public"), join(EXAMPLES, "assets")];
}

/** @throws Error with what npm printed */
function npm(directory: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd: directory,
    encoding: "utf8",
    // npm is a script on Windows, which only a shell can start.
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ${args[0]} failed in ${directory}:\n${stdout}${stderr}`);
  return stdout;
}
