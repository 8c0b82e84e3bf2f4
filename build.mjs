// @ts-check
/** Builds everything that is published into dist/, and fails when a bundle is too large or holds what it must not. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";

/** What the script-tag build brings along of MSAL. */
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

/** Types of what is loaded by a script tag or `importScripts`, for `"types"` in a tsconfig: globals, and no exports. */
const GLOBAL_TYPES = {
  "bearer-page": `/** What \`<script src="/bearer-page.js">\` gives to a page: this package, and what a site needs of MSAL. */
declare const bearerWorker: typeof import("./types/page/index.d.ts") &
  Pick<typeof import("@azure/msal-browser"), ${MSAL.map((name) => `"${name}"`).join(" | ")}>;
`,
  "bearer-sw": `/** What \`importScripts("/bearer-sw.js")\` gives to a worker of the site's own. */
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

/** Names of properties that stay within a bundle: private ones of Workbox, and some of ours. */
const INTERNAL_NAMES =
  /^(_[a-zA-Z]\w*|answers|acquiredAt|isInControl|connect|script|disconnect|forget|forgive|emit|responses|ended|way|until|server|order|path|handleRequest|findMatchingRoute|sameOrigin|paced|setPace|startOver|forgetUrl|misread|giveUp|recover|answer)$/;

/**
 * What is built, and what must not be in it. `limit` is what it may weigh on the wire, in bytes of brotli: what a page
 * loads at once, and with `whole` also what that imports later. `internal` are the names of properties that may be shortened.
 */
const BUNDLES = [
  {
    out: "bearer-sw",
    from: "sw/bearer-sw.ts",
    limit: 6_144,
    forbidden: ["msal", "groupCollapsed"],
    // Strategies and plugins speak of these, which are not in this one.
    internal: new RegExp(`${INTERNAL_NAMES.source}|^(match|event|course|key|params|handler|handle)$`),
    // It never replaces a method of the language, which is all that this asks for.
    unsafe: true,
  },
  {
    out: "index",
    from: "page/index.ts",
    module: true,
    limit: 9_216,
    forbidden: ["PublicClientApplication", "console."],
    internal: new RegExp(`${INTERNAL_NAMES.source}|^(announce|identity|left|note|observe|version)$`),
    unsafe: true,
  },
  { out: "sw", from: "sw/index.ts", module: true, forbidden: ["msal", "groupCollapsed"] },
  { out: "inspector", from: "inspector/index.ts", module: true, limit: 1_024, whole: 8_192, internal: null },
  { out: "bearer-inspector", from: "inspector/index.ts", internal: null },
  { out: "bearer-page", code: PAGE, global: "bearerWorker" },
  { out: "bearer-redirect", code: REDIRECT },
  { out: "bearer-sw-removal", from: "sw/self-removal.ts" },
];

/**
 * How parts of Workbox begin that nothing here reaches: methods that are not called, branches for handlers that are not
 * set, listeners for events that nobody hears, marks that nobody reads. Bundlers cannot tell, and each page would load them.
 */
const UNREACHED = {
  "workbox-routing/Router.js": [
    "this._defaultHandlerMap = new Map();",
    "const sameOrigin = ",
    "sameOrigin,",
    "addFetchListener() {",
    "addCacheListener() {",
    "if (!handler && this._defaultHandlerMap.has(method)) {",
    "if (!url.protocol.startsWith('http')) {",
    "if (responsePromise instanceof Promise &&",
    "if (Array.isArray(params) &&",
    "else if (matchResult.constructor === Object &&",
    "else if (typeof matchResult === 'boolean') {",
    "catch (err) {",
    "setDefaultHandler(",
    "setCatchHandler(",
    "registerRoute(",
    "unregisterRoute(",
  ],
  "workbox-routing/_version.js": ["try {", "catch (e) { }"],
  "workbox-core/_version.js": ["try {", "catch (e) { }"],
  "workbox-window/utils/WorkboxEventTarget.js": [
    "constructor() {",
    "addEventListener(",
    "removeEventListener(",
    "dispatchEvent(",
    "_getEventListenersByType(",
  ],
  "workbox-window/_version.js": ["try {", "catch (e) { }"],
  "workbox-window/Workbox.js": [
    "this._onUpdateFound = ",
    "this._onStateChange = ",
    "this._onControllerChange = ",
    "this._onMessage = ",
    "if (waitingSW &&",
    "getSW() {",
    "async update() {",
    "get active() {",
    "get controlling() {",
    "async messageSW(",
    "messageSkipWaiting() {",
    "if (this._compatibleControllingSW) {",
    "if (this._sw) {",
    "const waitingSW = ",
    "this._compatibleControllingSW = ",
    "_getControllingSWIfCompatible() {",
    "this._swDeferred = ",
    "this._activeDeferred = ",
    "this._controllingDeferred = ",
    "this._ownSWs = ",
    "this._updateFoundCount = ",
    "this._isUpdate = ",
    "this._registerOptions = {",
    "this._registrationTime = 0",
    "this._registrationTime = performance",
    "if (!immediate && document.readyState",
    "navigator.serviceWorker.addEventListener('message'",
    "this._registration.addEventListener('updatefound'",
    "navigator.serviceWorker.addEventListener('controllerchange'",
    "super();",
    "catch (error) {",
  ],
};

/** What has lost its meaning then: the base class has nothing to inherit, what would be caught is only thrown again. */
const MEANINGLESS = [
  /(?<=class Workbox) extends WorkboxEventTarget/,
  /try (?={[^{]+navigator.serviceWorker.register)/,
  /try (?={\s+responsePromise = handler)/,
];

/** @type {import("esbuild").Plugin} */
const withoutUnreached = {
  name: "without-unreached",
  setup(build) {
    build.onLoad({ filter: /workbox-.+\.js$/ }, async ({ path }) => {
      const [, starts = []] =
        Object.entries(UNREACHED).find(([file]) => path.endsWith(normalize(file))) ?? [];
      const lines = (await readFile(path, "utf8")).split("\n");
      for (const start of starts) {
        const first = lines.findIndex((line) => line.trimStart().startsWith(start));
        const indent = /^ */.exec(lines[first] ?? "")?.[0];
        const last = /[;},]$/.test(lines[first] ?? "")
          ? first
          : lines.findIndex((line, i) => i > first && (line === `${indent}}` || line === `${indent}};`));
        if (first < 0 || last < 0) throw new Error(`${path} has no "${start}": has Workbox changed?`);
        lines.splice(first, last - first + 1);
      }
      return { contents: MEANINGLESS.reduce((text, words) => text.replace(words, ""), lines.join("\n")) };
    });
  },
};

/** Style sheets for shadow roots travel as text. @type {import("esbuild").Plugin} */
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
for (const bundle of BUNDLES) await bundleForBrowsers(bundle);
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
for (const [name, types] of Object.entries(GLOBAL_TYPES)) await writeFile(`dist/${name}.d.ts`, types);
await writeLicenses();

/**
 * esbuild bundles, terser minifies: its output is 6 % smaller on the wire. A budget counts what the page loads at once,
 * not what it imports later.
 *
 * @param {{ out: string, from?: string, code?: string, module?: boolean, global?: string, limit?: number, whole?: number, forbidden?: string[], internal?: RegExp | null, unsafe?: boolean }} bundle
 */
async function bundleForBrowsers({
  out,
  from,
  code,
  module = false,
  global,
  limit = Infinity,
  whole = Infinity,
  forbidden = [],
  internal = INTERNAL_NAMES,
  unsafe = false,
}) {
  const { outputFiles, metafile } = await build({
    ...(from
      ? { entryPoints: { [out]: from } }
      : { stdin: { contents: code ?? "", resolveDir: ".", loader: "ts", sourcefile: `${out}.ts` } }),
    entryNames: out,
    chunkNames: `${out}-[hash]`,
    outdir: "dist",
    bundle: true,
    splitting: module,
    write: false,
    metafile: true,
    minifySyntax: true,
    sourcemap: "external",
    target: "es2022",
    format: module ? "esm" : "iife",
    ...(global && { globalName: global }),
    // Workbox keeps its development branches behind this.
    define: { "process.env.NODE_ENV": '"production"' },
    ...(from && internal && { mangleProps: internal }),
    // Nothing in a worker's own script depends on it, and it is on the wire.
    ...(from && !module && { tsconfigRaw: { compilerOptions: { strict: false } } }),
    plugins: [withoutUnreached, stylesAsText],
    external: module ? ["@azure/msal-browser"] : [],
    logLevel: "warning",
  });
  let size = 0;
  let all = 0;
  const entry = metafile.outputs[`dist/${out}.js`];
  const atOnce = [
    out + ".js",
    ...(entry?.imports ?? []).map(({ kind, path }) => kind === "import-statement" && basename(path)),
  ];
  for (const { path, text } of outputFiles.filter(({ path }) => path.endsWith(".js"))) {
    const file = basename(path);
    const map = outputFiles.find((other) => other.path === `${path}.map`);
    const minified = await minify(
      { [file]: text },
      {
        module,
        toplevel: !global,
        ecma: 2020,
        compress: {
          passes: 5,
          keep_fargs: false,
          pure_getters: true,
          unsafe,
          unsafe_arrows: true,
          hoist_funs: true,
        },
        // What is copied into a site goes without its map, and would ask for it in vain.
        sourceMap: { content: map?.text ?? "", ...(module && { url: `${file}.map` }) },
      },
    );
    const built = minified.code ?? "";
    const weight = brotliCompressSync(built).length;
    console.log(`dist/${file}: ${built.length} bytes, ${weight} brotli`);
    all += weight;
    if (atOnce.includes(file)) size += weight;
    for (const unwanted of forbidden) {
      if (built.includes(unwanted))
        throw new Error(`dist/${file} contains "${unwanted}", which must not be in it.`);
    }
    await writeFile(`dist/${file}`, built);
    await writeFile(`dist/${file}.map`, typeof minified.map === "string" ? minified.map : "");
  }
  const over = Math.max(size - limit, all - whole);
  if (over > 0) throw new Error(`dist/${out}.js is ${over} bytes over its budget (brotli).`);
}

/** The licenses of what is bundled: they ask to travel with it. */
async function writeLicenses() {
  const bundled = ["workbox-core", "workbox-routing", "workbox-window", "@azure/msal-browser"];
  const texts = await Promise.all(
    bundled.map(async (name) => `${name}\n\n${await readFile(`node_modules/${name}/LICENSE`, "utf8")}`),
  );
  await writeFile("dist/LICENSES.txt", texts.join("\n\n"));
}
