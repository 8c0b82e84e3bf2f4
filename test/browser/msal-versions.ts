import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MEASURED = new URL("measured/msal.json", import.meta.url);

/** Versions of MSAL by their names in node_modules/: both ends of the peer range, and the last of each older major version. */
export const MSAL_FOLDERS = [
  "msal-browser-3-oldest",
  "msal-browser-3",
  "msal-browser-4",
  "msal-browser-oldest",
  "@azure/msal-browser",
] as const;

/** The oldest version of each major one. The newest serves every other test, and the table is recorded with all of them. */
export const OLDEST_FOLDERS: readonly string[] = [
  "msal-browser-3-oldest",
  "msal-browser-4",
  "msal-browser-oldest",
];

/** The version of MSAL in a folder of node_modules/. */
export function msalVersion(folder: string): string {
  const manifest = readFileSync(`${ROOT}/node_modules/${folder}/package.json`, "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Bundles `bearer-page.js` of the built package with another version of MSAL, as a site's bundler does. */
export async function bundlePage(folder: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from "./dist/index.js"; export { EventType, PublicClientApplication } from "@azure/msal-browser";`,
      resolveDir: ROOT,
    },
    absWorkingDir: ROOT,
    alias: { "@azure/msal-browser": `${ROOT}/node_modules/${folder}` },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "bearerWorker",
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** The outcome of each capability, by version and the capability's name. */
type Measured = Record<string, Record<string, boolean>>;

export const readMeasured = (): Measured =>
  existsSync(MEASURED) ? (JSON.parse(readFileSync(MEASURED, "utf8")) as Measured) : {};

export function recordMeasured(version: string, capabilities: Record<string, boolean>): void {
  const all = { ...readMeasured(), [version]: capabilities };
  const versions = MSAL_FOLDERS.map(msalVersion).filter((each) => each in all);
  const sorted = Object.fromEntries(versions.map((each) => [each, all[each]]));
  writeFileSync(MEASURED, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The table of docs/decisions and guides: capabilities by version. */
export function msalTable(): string {
  const measured = readMeasured();
  const versions = Object.keys(measured);
  const rows = Object.keys(Object.values(measured)[0] ?? {}).map((name) => [
    name,
    ...versions.map((version) => (measured[version]?.[name] ? "✓" : "no")),
  ]);
  const table = [["", ...versions], ["---", ...versions.map(() => "---")], ...rows];
  return table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
