import { readRegularFile } from "../regular-file.ts";

/** In bytes. The files that describe a project are far smaller. */
const LARGEST = 1_000_000;

/** The text of a file; null if there is no such file, or if it cannot be read. */
export async function readText(path: string): Promise<string | null> {
  try {
    return (await readRegularFile(path, LARGEST))?.text ?? null;
  } catch {
    return null;
  }
}

/** A JSON object from a file: `absent` when there is no such file, `broken` when it cannot be read as an object. */
export type JsonFile =
  { readonly state: "absent" | "broken" } | { readonly state: "read"; readonly value: JsonObject };

export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a JSON object. Comments and trailing commas may be in it, as Angular's command line allows. */
export async function readJson(path: string): Promise<JsonFile> {
  try {
    const file = await readRegularFile(path, LARGEST);
    if (!file) return { state: "absent" };
    const value: unknown = JSON.parse(withoutComments(file.text ?? ""));
    return isObject(value) ? { state: "read", value } : { state: "broken" };
  } catch {
    return { state: "broken" };
  }
}

/** A string comes first in each alternation, so that its content is kept. */
const withoutComments = (text: string): string =>
  text
    .replace(/^\uFEFF/, "")
    .replaceAll(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\//g, "$1")
    .replaceAll(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, "$1");

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object under a key; an empty one if there is none. */
export const objectAt = (value: JsonObject, key: string): JsonObject => {
  const found = Object.hasOwn(value, key) ? value[key] : null;
  return isObject(found) ? found : {};
};
