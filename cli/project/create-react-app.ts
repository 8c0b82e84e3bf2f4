import { join } from "node:path";
import { basePath, type Finder, firstIn } from "./project.ts";

/** Finds a site of Create React App by its package, which craco and react-app-rewired need, too. */
export const findCreateReactApp: Finder = async (folder, manifest) => {
  if (!manifest.packages.has("react-scripts")) return [];
  const { homepage } = manifest;
  const entry = await firstIn(folder, ["src/index.tsx", "src/index.ts", "src/index.jsx", "src/index.js"]);
  const isUrl = homepage !== null && URL.canParse(homepage, "https://site.example/");
  return [
    {
      framework: "create-react-app",
      name: "Create React App",
      root: folder,
      directory: join(folder, "public"),
      doubt: null,
      base: isUrl ? basePath(new URL(homepage, "https://site.example/").pathname) : "/",
      command: /\b(?:react-scripts|craco|react-app-rewired)\s+(?:start|build)\b/,
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
