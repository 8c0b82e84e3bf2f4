import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Setting } from "./configuration-file.ts";
import type { Manifest } from "./manifest.ts";

/** A site with a build, as its own files describe it. */
export interface Project {
  readonly framework: "angular" | "next" | "create-react-app" | "vite";
  /** The framework and its variant, as people name it. */
  readonly name: string;
  /** The project's folder. */
  readonly root: string;
  /** The folder whose files are served at the root of the site. */
  readonly directory: string;
  /** Why `directory` may be another one, as a sentence; null if it is certain. */
  readonly doubt: string | null;
  /** The path below which the site is served, with a slash at both ends; null if only the framework can tell. */
  readonly base: string | null;
  /** Finds this project's commands in the scripts of package.json. */
  readonly command: RegExp;
  readonly manifest: Manifest;
  readonly source: SourceFiles;
}

/** The files that the printed lines belong to. */
export interface SourceFiles {
  /** The file that starts the app, or wraps all of its pages; null if it was not found. */
  readonly entry: string | null;
  /** A new file for the lines; null if they go into the entry. */
  readonly added: string | null;
  /** Whether the project is written in TypeScript. */
  readonly isTyped: boolean;
  /** An entry that the list of static files in angular.json lacks; null if it lacks none. */
  readonly asset: { readonly file: string; readonly project: string; readonly input: string } | null;
}

/** Finds the projects of one framework in a folder. */
export type Finder = (folder: string, manifest: Manifest) => Promise<readonly Project[]>;

/** The first of `names` that is a file or a folder in `folder`; null if none is. */
export async function firstIn(folder: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    if (await stat(join(folder, name)).catch(() => null)) return name;
  }
  return null;
}

/** The names of a file with each extension of a script. */
export const scriptNames = (name: string): string[] =>
  ["ts", "mts", "cts", "js", "mjs", "cjs", "tsx", "jsx"].map((extension) => `${name}.${extension}`);

/** A path below which a site is served, with a slash at both ends. A relative path or another site's URL is null. */
export const basePath = (value: string): string | null =>
  /^(?:\/[\w./-]*)?$/.test(value) ? `${value.replace(/\/+$/, "")}/` : null;

/** The path that a setting gives, as `basePath` does. */
export const baseOf = (setting: Setting): string | null =>
  setting.kind === "absent" ? "/" : setting.kind === "text" ? basePath(setting.text) : null;
