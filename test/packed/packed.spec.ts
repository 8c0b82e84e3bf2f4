import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { expect } from "@playwright/test";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { installed, MSAL_VERSIONS, type MsalVersion, test } from "./unpacked.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
  exports: Record<string, unknown>;
  scripts: Record<string, string>;
  peerDependencies: Record<string, string>;
};

test("publint finds no problem in the packed package", async ({ packed }) => {
  const { messages, pkg } = await publint({ pack: { tarball: packed.tarball.buffer }, strict: true });

  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("every entry has types that match the file", async ({ packed }) => {
  const analysis = await checkPackage(createPackageFromTarballData(packed.tarball));
  if (!analysis.types) throw new Error("The package has no types at all");

  expect(Object.keys(analysis.entrypoints).sort()).toEqual(Object.keys(manifest.exports).sort());
  const problems = analysis.problems
    // The package is for bundlers and Node's own modules, so it has no CommonJS. A page of HTML has no types.
    .filter((problem) => !("resolutionKind" in problem && /^node1(?:0|6-cjs)$/.test(problem.resolutionKind)))
    .filter((problem) => !("entrypoint" in problem && problem.entrypoint.endsWith(".html")));
  expect(problems).toEqual([]);
});

test("the package runs no script when it is installed", () => {
  const scripts = Object.keys(manifest.scripts).filter((name) =>
    /^(?:pre|post)?install$|^prepare$/.test(name),
  );
  expect(scripts).toEqual([]);
});

test("the peer range begins at the oldest MSAL under test, and the README says so", () => {
  const { name, version } = JSON.parse(readFileSync(join(installed("oldest"), "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  expect(manifest.peerDependencies[name]).toBe(`^${version}`);
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  expect(readme).toContain(`MSAL ${version.replace(/\.0$/, "")} or later`);
});

for (const msal of Object.keys(MSAL_VERSIONS) as MsalVersion[]) {
  for (const module of ["NodeNext", "Preserve"]) {
    test(`sites with the ${msal} MSAL compile against the package, with module ${module}`, ({ packed }) => {
      const site = packed.siteWith(msal);
      for (const [file, lib, types] of [
        ["page.ts", "DOM", []],
        ["worker.ts", "WebWorker", []],
        ["script-tag.js", "DOM", ["bearer-worker/bearer-page.js"]],
        ["import-scripts.js", "WebWorker", ["bearer-worker/bearer-sw.js"]],
      ] as const) {
        copyFileSync(join(repository, "test/packed/consumers", file), join(site, file));
        const compilerOptions = {
          lib: ["ES2023", lib, `${lib}.Iterable`],
          module,
          noEmit: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          allowJs: true,
          checkJs: true,
          types,
        };
        writeFileSync(join(site, "package.json"), JSON.stringify({ type: "module" }));
        writeFileSync(join(site, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
        expect(compile(site), file).toBe("");
      }
    });
  }
}

test("a bundle that imports one small thing contains that and not the rest", async ({ packed }) => {
  const site = packed.siteWith("newest");
  const bundle = async (code: string): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: site },
      bundle: true,
      format: "esm",
      minify: true,
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0]?.text ?? "";
  };
  const whole = await bundle(`export * from "bearer-worker"`);
  expect(whole).toMatch(/serviceWorker.*acquireTokenSilent/s);

  for (const [code, mostBytes] of [
    [
      `import { matchProtectedResource } from "bearer-worker"; globalThis.match = matchProtectedResource;`,
      // A third of it is the sentences that say how to write a key.
      5_120,
    ],
    [`import { BearerWorkerError } from "bearer-worker"; globalThis.failure = BearerWorkerError;`, 384],
    [`import "bearer-worker"; import "bearer-worker/sw";`, 0],
  ] as const) {
    const part = await bundle(code);
    expect(part.length, code).toBeLessThanOrEqual(mostBytes);
    expect(part).not.toMatch(/serviceWorker|acquireToken|addEventListener|fetch/);
  }
});

/** @returns the compiler's errors, or the reason that it did not run */
function compile(site: string): string {
  const compiler = join(repository, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", site], {
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}`;
}
