// @ts-check
/** Builds everything that is published into dist/. Fails when a bundle is too large, or holds what it must not. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { partsAtOnce, stylesAsText } from "./dev/bundle-plugins.mjs";

/**
 * A file for browsers. `module`: a module, split into chunks, with the package and its peers left outside. `global`: the variable
 * of a classic script. `limit`: bytes of brotli that a page loads at once, and `whole` with everything that it loads later.
 * `forbidden`: text that must not be in it.
 *
 * @typedef {{ out: string, from: string, module?: boolean, global?: string, limit?: number, whole?: number, forbidden?: string[] }} Bundle
 */

const INTEGRATIONS = ["vite", "react", "angular", "oidc-client-ts", "keycloak-js"];
const IN_NO_PAGE = ["PublicClientApplication", "console.log", "console.error"];

/** @type {Bundle[]} */
const BUNDLES = [
  { out: "bearer-sw", from: "sw/bearer-sw.ts", limit: 14_336, forbidden: ["msal", "groupCollapsed"] },
  { out: "sw", from: "sw/index.ts", module: true, forbidden: ["msal", "groupCollapsed"] },
  { out: "bearer-sw-removal", from: "sw/self-removal.ts" },
  { out: "index", from: "page/index.ts", module: true, limit: 20_480, forbidden: IN_NO_PAGE },
  { out: "bearer-page", from: "page/bearer-page.ts", global: "bearerWorker" },
  { out: "bearer-redirect", from: "page/bearer-redirect.ts" },
  { out: "inspector", from: "inspector/index.ts", module: true, limit: 1_024, whole: 10_240 },
  { out: "testing", from: "testing/index.ts", module: true, limit: 1_024 },
  { out: "bearer-inspector", from: "inspector/index.ts" },
  ...INTEGRATIONS.map((out) => ({ out, from: `integrations/${out}.ts`, module: true, limit: 2_048 })),
];

/** Types of classic scripts, for `"types"` in a tsconfig: globals, and no exports. */
const SCRIPT_TYPES = {
  "bearer-page": `/** The global of \`<script src="/bearer-page.js">\`: this package, and the parts of MSAL that a site needs. */
declare const bearerWorker: typeof import("./types/page/bearer-page.js");
`,
  "bearer-sw": `/** The global of \`importScripts("/bearer-sw.js")\` in a worker of the site's own. */
declare const bearerWorker: Pick<typeof import("./types/sw/index.js"), "registerTokenRoute" | "authorizeFetch">;
`,
  "bearer-inspector": `/** Defines \`<bearer-inspector>\`, and exports nothing. */
import "./types/inspector/index.js";
export {};
`,
  "bearer-redirect": `/** Runs in MSAL's redirect page, and exports nothing. */
export {};
`,
};

const BRIDGE = "./node_modules/@azure/msal-browser/dist/redirect_bridge/index.mjs";

/** The contents of each bundle. @type {import("esbuild").Metafile[]} */
const metafiles = [];
const { peerDependencies } = JSON.parse(await readFile("package.json", "utf8"));

await rm("dist", { recursive: true, force: true });
await mkdir("dist");
for (const bundle of BUNDLES) await bundleForBrowsers(bundle);
const { metafile } = await build({
  entryPoints: ["cli/bearer-worker.ts"],
  outfile: "dist/cli.js",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  banner: { js: "#!/usr/bin/env node" },
  metafile: true,
  logLevel: "warning",
});
metafiles.push(metafile);
await copyFile("page/bearer-redirect.html", "dist/bearer-redirect.html");
for (const [name, types] of Object.entries(SCRIPT_TYPES)) await writeFile(`dist/${name}.d.ts`, types);
// The licenses of bundled packages ask to travel with them.
const bundled = metafiles
  .flatMap(({ outputs }) => Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)))
  .flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
const licenses = [...new Set(bundled)]
  .sort()
  .map(async (name) => `${name}\n\n${await readFile(`node_modules/${name}/LICENSE`, "utf8")}`);
await writeFile("dist/LICENSES.txt", (await Promise.all(licenses)).join("\n\n"));

/** @param {Bundle} bundle */
async function bundleForBrowsers({ out, from, module = false, global, limit, whole, forbidden = [] }) {
  const { metafile } = await build({
    entryPoints: { [out]: from },
    chunkNames: `${out}-[hash]`,
    outdir: "dist",
    bundle: true,
    splitting: module,
    minify: true,
    charset: "utf8",
    metafile: true,
    // A script that is copied into a site goes without its map, and would ask for it in vain.
    sourcemap: module ? "linked" : "external",
    target: "es2022",
    format: module ? "esm" : "iife",
    ...(global && { globalName: global }),
    // Workbox keeps its development branches behind this.
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: module ? [stylesAsText] : [stylesAsText, partsAtOnce],
    // MSAL before 5 has no redirect bridge, so it is never left outside.
    alias: { "@azure/msal-browser/redirect-bridge": BRIDGE },
    external: module ? [...Object.keys(peerDependencies), "bearer-worker", "node:*"] : [],
    logLevel: "warning",
  });

  metafiles.push(metafile);
  const atOnce = new Set([`dist/${out}.js`]);
  for (const path of atOnce)
    for (const { kind, path: imported } of metafile.outputs[path]?.imports ?? [])
      if (kind === "import-statement" && imported in metafile.outputs) atOnce.add(imported);
  const size = { atOnce: 0, whole: 0 };
  for (const path of Object.keys(metafile.outputs).filter((path) => path.endsWith(".js"))) {
    const text = await readFile(path, "utf8");
    const weight = brotliCompressSync(text).length;
    console.log(`${path}: ${text.length} bytes, ${weight} brotli`);
    size.whole += weight;
    if (atOnce.has(path)) size.atOnce += weight;
    const unwanted = forbidden.find((unwanted) => text.includes(unwanted));
    if (unwanted) throw new Error(`${path} contains "${unwanted}", which must not be in it.`);
  }
  if (limit)
    console.log(`dist/${out}.js with all that it imports at once: ${size.atOnce} of ${limit} brotli`);
  const over = Math.max(size.atOnce - (limit ?? Infinity), size.whole - (whole ?? Infinity));
  if (over > 0) throw new Error(`dist/${out}.js is ${over} bytes over its limit (brotli).`);
}
