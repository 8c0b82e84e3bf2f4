import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PROTOCOL_VERSION } from "../../protocol/messages.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The built worker, and a worker that differs by a comment: browsers take it for an update. */
export const WORKER = readFileSync(`${ROOT}/dist/bearer-sw.js`, "utf8");
export const NEWER_WORKER = `${WORKER}\n// A newer worker.`;

/** Builds the worker or the page's script with another version of the protocol, as a later release would have. */
export async function buildOtherVersion(entry: "sw/bearer-sw.ts" | "page/index.ts"): Promise<string> {
  const page = `export * from "./page/index.ts"; export { PublicClientApplication } from "@azure/msal-browser";`;
  const { outputFiles } = await build({
    ...(entry === "page/index.ts"
      ? { stdin: { contents: page, resolveDir: ROOT, loader: "ts" }, globalName: "bearerWorker" }
      : { entryPoints: [entry] }),
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: "iife",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "other-version",
        setup(bundling) {
          bundling.onLoad({ filter: /protocol[/\\]messages\.ts$/ }, ({ path }) => {
            const source = readFileSync(path, "utf8");
            const contents = source.replace(
              `PROTOCOL_VERSION = ${PROTOCOL_VERSION};`,
              `PROTOCOL_VERSION = ${PROTOCOL_VERSION + 1};`,
            );
            if (contents === source) throw new Error(`${path} has no PROTOCOL_VERSION = ${PROTOCOL_VERSION}`);
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}
