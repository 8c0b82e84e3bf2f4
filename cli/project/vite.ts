import { join } from "node:path";
import { readPage } from "../html.ts";
import { NO_SETTINGS, readConfiguration, type Setting, type Settings } from "./configuration-file.ts";
import { readText } from "./json-file.ts";
import { baseOf, type Finder, firstIn, scriptNames } from "./project.ts";

const CONFIGURATIONS = scriptNames("vite.config");
const OF_SVELTE_KIT = scriptNames("svelte.config");

/** Finds a site of Vite by its configuration or its package. SvelteKit is built by Vite, and has settings of its own. */
export const findVite: Finder = async (folder, manifest) => {
  const configuration = await firstIn(folder, CONFIGURATIONS);
  if (!configuration && !manifest.packages.has("vite")) return [];

  const isSvelteKit = manifest.packages.has("@sveltejs/kit");
  const read = isSvelteKit ? await firstIn(folder, OF_SVELTE_KIT) : configuration;
  const settings = read ? await readConfiguration(join(folder, read)) : NO_SETTINGS;
  const site = isSvelteKit ? svelteKit(settings) : await vite(folder, settings);
  // Tests of other sites have the package, too.
  if (!configuration && !site.entry) return [];
  return [
    {
      framework: "vite",
      name: isSvelteKit ? "Vite (SvelteKit)" : "Vite",
      root: folder,
      directory: join(folder, site.directory),
      doubt: site.doubt && `${read} ${site.doubt}`,
      base: site.base,
      command: /(?:^|[\s&|;"'])vite(?:\s|$|["'])/,
      manifest,
      source: {
        entry: site.entry && join(folder, site.entry),
        added: null,
        isTyped: (await firstIn(folder, ["tsconfig.json"])) !== null,
        asset: null,
      },
    },
  ];
};

/** The parts of a project that its configuration decides, with paths within its folder. */
interface Site {
  readonly directory: string;
  /** The predicate of a sentence about the configuration; null if `directory` is certain. */
  readonly doubt: string | null;
  readonly base: string | null;
  readonly entry: string | null;
}

async function vite(folder: string, settings: Settings): Promise<Site> {
  const within = textOf(settings("root"), "");
  const publicDir = textOf(settings("publicDir"), "public");
  const base = settings("base");
  return {
    directory: join(within ?? "", publicDir || "public"),
    doubt:
      settings("build", "lib").kind === "object"
        ? "builds a library."
        : within === null || !publicDir
          ? "sets root or publicDir in a way that only Vite can read."
          : null,
    // The empty text is a relative path, too.
    base: base.kind === "text" && base.text === "" ? null : baseOf(base),
    entry: await entryOf(folder, within ?? ""),
  };
}

function svelteKit(settings: Settings): Site {
  const assets = textOf(settings("kit", "files", "assets"), "static");
  return {
    directory: assets || "static",
    doubt: assets ? null : "sets kit.files.assets in a way that only SvelteKit can read.",
    base: baseOf(settings("kit", "paths", "base")),
    entry: "src/hooks.client.ts",
  };
}

/** A setting's text; null if the configuration computes it. */
const textOf = (setting: Setting, unset: string): string | null =>
  setting.kind === "absent" ? unset : setting.kind === "text" ? setting.text : null;

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
