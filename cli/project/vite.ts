import { join } from "node:path";
import { readPage } from "../html.ts";
import { readText } from "./json-file.ts";
import { basePath, type Finder, firstIn, scriptNames } from "./project.ts";

const CONFIGURATIONS = scriptNames("vite.config");

/** Finds a site of Vite by its configuration or its package. SvelteKit is built by Vite, and has a folder of another name. */
export const findVite: Finder = async (folder, manifest) => {
  const configuration = await firstIn(folder, CONFIGURATIONS);
  if (!configuration && !manifest.packages.has("vite")) return [];

  const isSvelteKit = manifest.packages.has("@sveltejs/kit");
  const text = (configuration && (await readText(join(folder, configuration)))) ?? "";
  const root = settingOf(text, "root");
  const publicDir = settingOf(text, "publicDir");
  const within = root ?? "";
  const directory = isSvelteKit ? "static" : join(within, publicDir || "public");
  const entry = isSvelteKit ? "src/hooks.client.ts" : await entryOf(folder, within);
  // Tests of other sites have the package, too.
  if (!configuration && !entry) return [];
  return [
    {
      framework: "vite",
      name: isSvelteKit ? "Vite (SvelteKit)" : "Vite",
      root: folder,
      directory: join(folder, directory),
      doubt: /\blib\s*:\s*\{/.test(text)
        ? `${configuration} builds a library.`
        : root === null || (publicDir === null && !isSvelteKit)
          ? `${configuration} sets root or publicDir in a way that only Vite can read.`
          : null,
      base: basePath(settingOf(text, "base")),
      command: /(?:^|[\s&|;"'])vite(?:\s|$|["'])/,
      manifest,
      source: {
        entry: entry && join(folder, entry),
        added: null,
        isTyped: (await firstIn(folder, ["tsconfig.json"])) !== null,
        asset: null,
      },
    },
  ];
};

/** A setting's text; undefined if the configuration does not set it, null if its value is no plain text. */
function settingOf(configuration: string, name: string): string | null | undefined {
  const value = new RegExp(String.raw`(?<![.\w])${name}\s*:\s*([^,}\n]*)`).exec(configuration)?.[1];
  return value === undefined ? undefined : (/^(["'`])([^"'`$]*)\1\s*$/.exec(value)?.[2] ?? null);
}

/** The script of the page that Vite starts with. */
async function entryOf(folder: string, within: string): Promise<string | null> {
  const page = await readText(join(folder, within, "index.html"));
  const address = "http://localhost/";
  const script = readPage(page ?? "", new URL(address)).scripts.find(({ src }) =>
    src?.href.startsWith(address),
  );
  if (script?.src) return join(within, decoded(script.src.pathname.slice(1)));
  return await firstIn(
    folder,
    ["tsx", "ts", "jsx", "js"].map((extension) => join(within, `src/main.${extension}`)),
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
