import { join, posix } from "node:path";
import { NO_SETTINGS, readConfiguration } from "./configuration-file.ts";
import { baseOf, type Finder, firstIn, scriptNames } from "./project.ts";

const CONFIGURATIONS = scriptNames("next.config");

/** Finds a site of Next.js by its package. If it has both routers, the app router counts. */
export const findNext: Finder = async (folder, manifest) => {
  const configuration = await firstIn(folder, CONFIGURATIONS);
  const routes = await firstIn(folder, ["app", "src/app", "pages", "src/pages"]);
  if (!manifest.packages.has("next") || !(configuration || routes)) return [];

  const router = routes?.endsWith("pages") ? "pages" : "app";
  const isTyped = (await firstIn(folder, ["tsconfig.json"])) !== null;
  const settings = configuration ? await readConfiguration(join(folder, configuration)) : NO_SETTINGS;
  const within = routes ?? "app";
  const wrapper = router === "app" ? "layout" : "_app";
  const entry = await firstIn(
    folder,
    ["tsx", "jsx", "js", "ts"].map((extension) => `${within}/${wrapper}.${extension}`),
  );
  const extension = isTyped ? "tsx" : "jsx";
  // Each file of the pages router is a route.
  const beside = router === "app" ? within : posix.join(posix.dirname(within), "components");
  return [
    {
      framework: "next",
      name: `Next.js (${router} router)`,
      root: folder,
      directory: join(folder, "public"),
      doubt: null,
      base: baseOf(settings("basePath")),
      command: /\bnext\s+(?:dev|build|start)\b/,
      manifest,
      source: {
        entry: join(folder, entry ?? `${within}/${wrapper}.${extension}`),
        added: join(folder, beside, `attach-tokens.${extension}`),
        isTyped,
        asset: null,
      },
    },
  ];
};
