import { cpSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { injectManifest } from "workbox-build";

rmSync("dist", { recursive: true, force: true });
// bearer-sw.js is not needed: this site has its own worker.
cpSync("public", "dist", { recursive: true, filter: (path) => !path.endsWith("bearer-sw.js") });
await build({
  entryPoints: ["src/sw.js"],
  outdir: "dist",
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
const { warnings } = await injectManifest({
  swSrc: "dist/sw.js",
  swDest: "dist/sw.js",
  globDirectory: "dist",
  globPatterns: ["**/*.{html,js,css,svg}"],
  // The redirect page is never precached: it must come from the network.
  globIgnores: ["sw.js", "bearer-redirect.*"],
});
warnings.forEach((warning) => console.warn(warning));
