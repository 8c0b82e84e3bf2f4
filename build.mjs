// @ts-check
/** Builds everything that is published into dist/. Fails when a bundle is too large, or holds what it must not. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import { build, transform } from "esbuild";

/** The exports of MSAL that the script-tag build brings along. */
const MSAL = [
  "EventType",
  "InteractionRequiredAuthError",
  "LogLevel",
  "ProtocolMode",
  "PublicClientApplication",
];
const PAGE = `
  export * from "./page/index.ts";
  export { ${MSAL.join(", ")} } from "@azure/msal-browser";
`;
const REDIRECT = `
  import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";
  broadcastResponseToMainFrame().catch(() => { document.querySelector("p").hidden = false; });
`;

/**
 * @typedef {object} Bundle
 * @property {string} out the file's name
 * @property {string} [from] the entry, or
 * @property {string} [code] its text
 * @property {boolean} [module] a module, split into chunks; MSAL stays outside
 * @property {string} [global] the variable that a classic script leaves behind
 * @property {number} [limit] bytes of brotli that a page loads at once
 * @property {number} [whole] the same, with everything that is loaded later
 * @property {string[]} [forbidden] text that must not be in it
 */

/** @type {Bundle[]} */
const BUNDLES = [
  { out: "bearer-sw", from: "sw/bearer-sw.ts", limit: 8_192, forbidden: ["msal", "groupCollapsed"] },
  {
    out: "index",
    from: "page/index.ts",
    module: true,
    limit: 14_000,
    forbidden: ["PublicClientApplication", "console."],
  },
  { out: "sw", from: "sw/index.ts", module: true, forbidden: ["msal", "groupCollapsed"] },
  { out: "inspector", from: "inspector/index.ts", module: true, limit: 1_024, whole: 8_192 },
  { out: "bearer-inspector", from: "inspector/index.ts" },
  { out: "bearer-page", code: PAGE, global: "bearerWorker" },
  { out: "bearer-redirect", code: REDIRECT },
  { out: "bearer-sw-removal", from: "sw/self-removal.ts" },
];

/** Types of classic scripts, for `"types"` in a tsconfig: globals, and no exports. */
const SCRIPT_TYPES = {
  "bearer-page": `/** The global of \`<script src="/bearer-page.js">\`: this package, and the parts of MSAL that a site needs. */
declare const bearerWorker: typeof import("./types/page/index.d.ts") &
  Pick<typeof import("@azure/msal-browser"), ${MSAL.map((name) => `"${name}"`).join(" | ")}>;
`,
  "bearer-sw": `/** The global of \`importScripts("/bearer-sw.js")\` in a worker of the site's own. */
declare const bearerWorker: Pick<typeof import("./types/sw/index.d.ts"), "registerTokenRoute">;
`,
  "bearer-inspector": `/** Defines \`<bearer-inspector>\`, and exports nothing. */
import "./types/inspector/index.d.ts";
export {};
`,
  "bearer-redirect": `/** Runs in MSAL's redirect page, and exports nothing. */
export {};
`,
};

/** Style sheets of shadow roots travel as text. @type {import("esbuild").Plugin} */
const stylesAsText = {
  name: "styles-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist");
await Promise.all(BUNDLES.map(bundle));
await build({
  entryPoints: ["cli/bearer-worker.ts"],
  outfile: "dist/cli.js",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  banner: { js: "#!/usr/bin/env node" },
  logLevel: "warning",
});
await copyFile("page/bearer-redirect.html", "dist/bearer-redirect.html");
for (const [name, types] of Object.entries(SCRIPT_TYPES)) await writeFile(`dist/${name}.d.ts`, types);
await writeLicenses();

/** @param {Bundle} bundle */
async function bundle({ out, from, code = "", module = false, global, limit, whole, forbidden = [] }) {
  const { metafile } = await build({
    ...(from
      ? { entryPoints: { [out]: from } }
      : { stdin: { contents: code, resolveDir: ".", loader: "ts", sourcefile: `${out}.ts` } }),
    ...(from ? { outdir: "dist" } : { outfile: `dist/${out}.js` }),
    chunkNames: `${out}-[hash]`,
    bundle: true,
    minify: true,
    splitting: module,
    metafile: true,
    // A script that is copied into a site goes without its map, and would ask for it in vain.
    sourcemap: module ? "linked" : "external",
    target: "es2022",
    format: module ? "esm" : "iife",
    ...(global && { globalName: global }),
    // Workbox keeps its development branches behind this.
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [stylesAsText],
    external: module ? ["@azure/msal-browser"] : [],
    logLevel: "warning",
  });

  const scripts = Object.keys(metafile.outputs).filter((path) => path.endsWith(".js"));
  const atOnce = importedAtOnce(metafile, `dist/${out}.js`);
  const sizes = { atOnce: 0, whole: 0 };
  for (const path of scripts) {
    const text = await readFile(path, "utf8");
    const size = brotliCompressSync(text).length;
    sizes.whole += size;
    if (atOnce.has(path)) sizes.atOnce += size;
    console.log(`${path}: ${text.length} bytes, ${size} brotli`);
    const unwanted = forbidden.find((unwanted) => text.includes(unwanted));
    if (unwanted) throw new Error(`${path} contains "${unwanted}", which must not be in it.`);
  }
  const over = Math.max(sizes.atOnce - (limit ?? Infinity), sizes.whole - (whole ?? Infinity));
  if (over > 0) throw new Error(`dist/${out}.js is ${over} bytes over its limit (brotli).`);
}

/** @param {import("esbuild").Metafile} metafile @param {string} entry @returns {Set<string>} */
function importedAtOnce({ outputs }, entry) {
  const found = new Set([entry]);
  for (const path of found) {
    for (const { kind, path: imported } of outputs[path]?.imports ?? [])
      if (kind === "import-statement" && imported in outputs) found.add(imported);
  }
  return found;
}

/** The licenses of the bundled packages ask to travel with them. */
async function writeLicenses() {
  const bundled = [
    "workbox-core",
    "workbox-routing",
    "workbox-window",
    "@azure/msal-browser",
    "@azure/msal-common",
  ];
  const texts = await Promise.all(
    bundled.map(async (name) => `${name}\n\n${await readFile(`node_modules/${name}/LICENSE`, "utf8")}`),
  );
  await writeFile("dist/LICENSES.txt", texts.join("\n\n"));
}
