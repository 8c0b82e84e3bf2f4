import { readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { build } from "esbuild";
import { buildBreaches, isProduct, misnamed, misplacedInPage, strayImports } from "./architecture-rules.ts";
import { circlesIn, folderOf, type Import, importsOf, longestPathIn, read, sources } from "./import-graph.ts";
import { codeOf } from "./source-text.ts";
import { repository, tracked } from "./tracked-files.ts";

const PAGE = "docs/architecture.md";
const isFile = ({ to }: Import): boolean => sources.includes(to);
const all = sources.flatMap((path) => importsOf(path));
const ofProduct = all.filter(({ from }) => isProduct(from));

test("the picture of the folders shows the imports there are, and no others", () => {
  const { nodes, edges } = picture("folders");
  /** A node of the picture stands for several folders, or for a package. */
  const nodeOf = (name: string): string =>
    [...nodes].find(([, label]) => label.split(/,\s*/).includes(name))?.[0] ??
    `${name} is not in the picture`;
  const imports = all
    .filter((found) => isFile(found) || isProduct(found.from) || found.to === "bearer-worker")
    .map((found) => [
      nodeOf(`${folderOf(found.from)}/`),
      nodeOf(isFile(found) ? `${folderOf(found.to)}/` : found.to),
    ])
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => `${from} --> ${to}`);

  expect(edges.map(({ text }) => text).sort()).toEqual([...new Set(imports)].sort());
});

test("every arrow in the picture of a request's way is an import, at once or later", () => {
  const { nodes, edges } = picture("way of a request");
  const fileOf = (node: string): string => nodes.get(node) ?? `${node} has no file`;

  expect(edges.length).toBeGreaterThan(15);
  for (const { from, to, isLater } of edges) {
    expect(importsOf(fileOf(from)), `${from} and ${to}`).toContainEqual(
      expect.objectContaining({ from: fileOf(from), to: fileOf(to), isLater }),
    );
  }
});

test("the table of rules names exactly the files that import a package or hear the worker's events", () => {
  const importers = (of: RegExp): string[] =>
    ofProduct.filter(({ to }) => of.test(to)).map(({ from }) => from);
  const containing = (text: string): string[] =>
    sources.filter((path) => isProduct(path) && codeOf(read(path)).includes(text));
  const found: Record<string, string[]> = {
    "imports `workbox-routing`": importers(/^workbox-routing$/),
    "imports `workbox-window`": importers(/^workbox-window$/),
    "imports `@azure/msal-browser`": importers(/^@azure\/msal-browser$/),
    "imports `parse5`": importers(/^parse5$/),
    "imports `@babel/parser`": importers(/^@babel\/parser$/),
    "imports `bearer-worker`": importers(/^bearer-worker$/),
    "imports another package": importers(
      /^(?!workbox-(?:routing|window)$|@azure\/msal-browser$|parse5$|@babel\/parser$|bearer-worker$)(?:@[^./]+\/)?[^./]+$/,
    ),
    "calls `self.addEventListener`": containing("self.addEventListener("),
    "calls `console.warn`": containing("console.warn"),
  };

  const rules = [...read(PAGE).matchAll(/^\| (imports|calls) (.+?) +\| (.+?) +\|$/gm)];
  expect(rules.map(([, verb, object]) => `${verb} ${object}`).sort()).toEqual(Object.keys(found).sort());
  for (const [, verb, object, files = ""] of rules) {
    const named = [...files.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
    /** The table may name a folder in place of its files. */
    const nameOf = (path: string): string =>
      named.find((name) => name.endsWith("/") && path.startsWith(name)) ?? path;
    const actual = unique((found[`${verb} ${object}`] ?? []).map(nameOf));
    expect(named.sort(), `${verb} ${object}`).toEqual(actual);
  }
});

test("the bundler finds no import of the product that these tests overlook", async () => {
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: [
      "page/index.ts",
      "page/bearer-page.ts",
      "page/bearer-redirect.ts",
      "inspector/index.ts",
      "testing/index.ts",
      ...tracked.filter((path) => /^integrations\/.*\.ts$/.test(path)),
      "sw/bearer-sw.ts",
      "sw/index.ts",
      "sw/self-removal.ts",
      "cli/bearer-worker.ts",
    ],
    bundle: true,
    write: false,
    metafile: true,
    outdir: "unwritten",
    format: "esm",
    platform: "node",
    packages: "external",
    // The tsconfig.json of testing/ and of integrations/ lead to the source of the package.
    external: ["bearer-worker"],
  });
  const bundled = Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports
      .filter(({ path }) => !path.startsWith("node:"))
      .map(({ path, external, kind }) => ({
        from,
        to: external ? (/^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path) : path,
        isLater: kind === "dynamic-import",
      })),
  );

  expect(bundled.length).toBeGreaterThan(50);
  for (const found of bundled) expect(ofProduct).toContainEqual(expect.objectContaining(found));
});

test("no import circle exists, types and import() included", () => {
  expect(circlesIn(all.filter(isFile))).toEqual([]);
});

test("every folder of the product imports from its realm alone", () => {
  expect(strayImports(all)).toEqual([]);
});

test("no import path within a folder passes through more than six files", () => {
  for (const folder of ["page", "pipeline", "protocol", "sw"]) {
    // A folder's index.ts passes names on, and is no floor of its own.
    const path = longestPathIn(
      folder,
      all.filter(({ from }) => !from.endsWith("/index.ts")),
    );
    expect.soft(path.length, path.join(" -> ")).toBeLessThanOrEqual(6);
  }
});

test("every file of the product is named in kebab-case after its subject", () => {
  expect(tracked.filter(isProduct).length).toBeGreaterThan(50);
  expect(misnamed(tracked)).toEqual([]);
});

test("every file of the page is in one of its five folders or takes part in its composition", () => {
  expect(misplacedInPage(tracked)).toEqual([]);
});

test("the build is short, and takes nobody's source apart", () => {
  expect(buildBreaches(read("build.mjs"))).toEqual([]);
});

test("the index of decisions names every decision by its title", () => {
  const decisions = new Map(
    [...read("docs/decisions/README.md").matchAll(/^\| \[(.+?)\]\((\d{4}-.+?\.md)\) +\|/gm)].map(
      ([, title = "", file = ""]) => [file, title],
    ),
  );
  const files = readdirSync(new URL("../../docs/decisions", import.meta.url)).filter((name) =>
    /^\d{4}-/.test(name),
  );
  expect([...decisions.keys()].sort()).toEqual(files.sort());
  for (const [file, title] of decisions)
    expect(read(`docs/decisions/${file}`), file).toContain(`# ${title}\n`);
});

interface Picture {
  /** Labels of nodes by their ids. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly edges: readonly { from: string; to: string; isLater: boolean; text: string }[];
}

/** Reads a flowchart of the page: one edge a line, nodes labelled where they come first. */
function picture(name: string): Picture {
  const [, chart = ""] =
    new RegExp(`<!-- picture: ${name} -->\\s*\`\`\`mermaid\\n([^]*?)\`\`\``).exec(read(PAGE)) ?? [];
  const nodes = new Map<string, string>();
  for (const [, id = "", label = ""] of chart.matchAll(/\b([\w-]+)[[(]+"([^"]+)"[\])]+/g)) {
    nodes.set(id, label.replace(/<br>/g, ", "));
  }
  const plain = chart.replace(/[[(]+"[^"]+"[\])]+/g, "");
  const edges = [...plain.matchAll(/^ *([\w-]+) (-->|-\.->) ([\w-]+) *$/gm)].map(
    ([, from = "", arrow = "", to = ""]) => ({
      from,
      to,
      isLater: arrow === "-.->",
      text: `${from} ${arrow} ${to}`,
    }),
  );
  if (!edges.length) throw new Error(`${PAGE} has no picture "${name}"`);
  return { nodes, edges };
}

const unique = (paths: readonly string[]): string[] => [...new Set(paths)].sort();
