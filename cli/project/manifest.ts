import { join } from "node:path";
import { type JsonFile, objectAt, readJson } from "./json-file.ts";

/** The parts of a folder's package.json that say how its site is built. */
export interface Manifest {
  readonly state: JsonFile["state"];
  /** The ranges of its packages by name, those for development included. */
  readonly packages: ReadonlyMap<string, string>;
  /** The commands of its scripts. */
  readonly scripts: readonly string[];
  /** The field of Create React App that names the URL of the site; null if there is none. */
  readonly homepage: string | null;
}

/** Reads package.json in a folder. A missing or broken one has no packages and no scripts. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = await readJson(join(folder, "package.json"));
  const value = file.state === "read" ? file.value : {};
  return {
    state: file.state,
    packages: new Map([
      ...stringsIn(objectAt(value, "devDependencies")),
      ...stringsIn(objectAt(value, "dependencies")),
    ]),
    scripts: stringsIn(objectAt(value, "scripts")).map(([, command]) => command),
    homepage: typeof value["homepage"] === "string" ? value["homepage"] : null,
  };
}

const stringsIn = (value: object): [string, string][] =>
  Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
