import { cpSync } from "node:fs";
import { resolve } from "node:path";

// Files that need no bundling: the site's pages, and the worker, which belongs at the root of the site.
cpSync("public", "dist", { recursive: true });
cpSync("node_modules/bearer-worker/dist/bearer-sw.js", "dist/bearer-sw.js");

export default {
  mode: "production",
  // The output of tsc.
  entry: { main: "./build/main.js", callback: "./build/callback.js" },
  experiments: { outputModule: true },
  output: { path: resolve("dist"), module: true, filename: "[name].js", chunkFilename: "[name].js" },
};
