// @ts-check
// Writes the declarations of every realm into dist/types/. TypeScript leaves `.ts` in their imports, which versions before
// 5.0 refuse. Here the declarations import `.js`, which every version reads as the `.d.ts` beside it.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const REALMS = ["page", "inspector", "sw", "testing", "integrations"];
/** An import of a `.ts` file by a relative path, as a statement or as a type. */
const TS_IMPORT = /((?:\bfrom |\bimport |\bimport\()"\.{1,2}\/[^"]+)\.ts"/g;

for (const realm of REALMS) {
  const compiler = `${REPOSITORY}/node_modules/typescript/bin/tsc`;
  const { status } = spawnSync(process.execPath, [compiler, "-p", realm, "--emitDeclarationOnly"], {
    cwd: REPOSITORY,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

const types = `${REPOSITORY}/dist/types`;
for (const name of readdirSync(types, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".d.ts")) continue;
  const text = readFileSync(`${types}/${name}`, "utf8");
  const rewritten = text.replace(TS_IMPORT, '$1.js"');
  if (rewritten !== text) writeFileSync(`${types}/${name}`, rewritten);
}
