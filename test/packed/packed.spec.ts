import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { expect } from "@playwright/test";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { installed, link, MSAL_VERSIONS, type MsalVersion, test } from "./unpacked.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
  exports: Record<string, unknown>;
  scripts: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** The frameworks and identity libraries that entries of the package are for. */
const LIBRARIES = Object.keys(manifest.peerDependencies).filter((name) => name !== "@azure/msal-browser");

test("publint finds no problem in the packed package", async ({ packed }) => {
  const { messages, pkg } = await publint({ pack: { tarball: packed.tarball.buffer }, strict: true });

  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("every entry has types that match the file", async ({ packed }) => {
  const analysis = await checkPackage(createPackageFromTarballData(packed.tarball));
  if (!analysis.types) throw new Error("The package has no types at all");

  expect(Object.keys(analysis.entrypoints).sort()).toEqual(Object.keys(manifest.exports).sort());
  const problems = analysis.problems
    // The package has no CommonJS: `require` of it needs a Node.js that can load modules so. A page of HTML has no types.
    .filter((problem) => problem.kind !== "CJSResolvesToESM")
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
  const manifests = (Object.keys(MSAL_VERSIONS) as MsalVersion[]).map(
    (msal) =>
      JSON.parse(readFileSync(join(installed(msal), "package.json"), "utf8")) as {
        name: string;
        version: string;
      },
  );
  const [oldest = "", ...newer] = manifests.map(({ version }) => version);
  const majors = newer.map((version) => Number.parseInt(version));
  const range = [oldest.replace(/\.0$/, ""), ...majors].map((version) => `^${version}`).join(" || ");
  expect(manifest.peerDependencies[manifests[0]?.name ?? ""]).toBe(range);
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  expect(readme).toContain(`MSAL ${oldest.replace(/\.0$/, "")} or later`);
});

/** A compiler by its name in node_modules/, with the options of the sites that have it. */
interface Compiler {
  readonly name: string;
  readonly site: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const COMPILERS: readonly Compiler[] = [
  { name: "typescript", site: "of Node.js modules", options: { module: "NodeNext", lib: "ES2023" } },
  { name: "typescript", site: "with a bundler", options: { module: "Preserve", lib: "ES2023" } },
];

/** Compilers of older sites. */
const OLD_COMPILERS: readonly Compiler[] = [
  {
    name: "typescript-5.4",
    site: "of Angular 17",
    options: { module: "ES2022", moduleResolution: "node", target: "ES2022", lib: "ES2022" },
  },
  {
    name: "typescript-4.9",
    site: "with a bundler",
    options: { module: "ESNext", moduleResolution: "node", target: "ES2020", lib: "ES2020" },
  },
  {
    name: "typescript-4.9",
    site: "of Create React App",
    // It skips the check of libraries. For ES5 the compiler refuses private members in declarations.
    options: {
      module: "ESNext",
      moduleResolution: "node",
      target: "ES5",
      lib: "ESNext",
      esModuleInterop: true,
      isolatedModules: true,
      skipLibCheck: true,
    },
  },
  {
    name: "typescript-4.9",
    site: "of Node.js modules",
    options: { module: "Node16", target: "ES2022", lib: "ES2022" },
  },
];

/** Files of a site that are compiled together, with the library of their realm and the types that they name. */
const CONSUMERS = [
  { files: ["page.ts", "inspector.ts", "testing.ts"], realm: "DOM", types: [] },
  { files: ["worker.ts"], realm: "WebWorker", types: [] },
  { files: ["script-tag.js"], realm: "DOM", types: ["bearer-worker/bearer-page.js"] },
  { files: ["import-scripts.js"], realm: "WebWorker", types: ["bearer-worker/bearer-sw.js"] },
] as const;

/** Old compilers are for old MSAL. The declarations of MSAL 3 cannot be found by sites of Node.js modules. */
const isCompiled = (msal: MsalVersion, { name, site }: Compiler): boolean => {
  if (site !== "of Node.js modules") return name === "typescript" || msal === "oldest";
  return name === "typescript" ? msal !== "oldest" : msal === "middle";
};

for (const msal of Object.keys(MSAL_VERSIONS) as MsalVersion[]) {
  for (const compiler of [...COMPILERS, ...OLD_COMPILERS].filter((each) => isCompiled(msal, each))) {
    test(`${compiler.name} compiles sites ${compiler.site} with the ${msal} MSAL`, ({ packed }) => {
      test.slow();
      const site = packed.siteWith(msal);
      writeFileSync(join(site, "package.json"), JSON.stringify({ type: "module" }));
      for (const { files, realm, types } of CONSUMERS) {
        for (const file of files)
          copyFileSync(join(repository, "test/packed/consumers", file), join(site, file));
        const compilerOptions = {
          noEmit: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          allowJs: true,
          checkJs: true,
          skipLibCheck: false,
          types,
          ...compiler.options,
          lib: [compiler.options["lib"], realm, `${realm}.Iterable`],
        };
        writeFileSync(join(site, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
        expect(compile(compiler.name, site), files.join()).toBe("");
      }
    });
  }
}

test("a server can import every file that the package exports", ({ packed }) => {
  const site = packed.siteWith("newest");
  link(site, ...LIBRARIES);
  const specifiers = Object.keys(manifest.exports).filter((entry) => !/\.(?:html|json)$/.test(entry));
  expect(specifiers.length).toBeGreaterThan(5);
  for (const entry of specifiers) {
    const specifier = entry.replace(/^\./, "bearer-worker");
    const { stderr } = spawnSync(process.execPath, ["-e", `import("${specifier}")`], {
      cwd: site,
      encoding: "utf8",
    });
    expect.soft(stderr, specifier).toBe("");
  }
});

test("sites with frameworks compile against the newest TypeScript", ({ packed }) => {
  const site = packed.siteWith("newest");
  link(site, ...LIBRARIES, "@types/react");
  writeFileSync(join(site, "package.json"), JSON.stringify({ type: "module" }));
  copyFileSync(join(repository, "test/packed/consumers/integrations.ts"), join(site, "integrations.ts"));
  // The declarations of the frameworks are their own affair.
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
    module: "Preserve",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    types: [],
  };
  writeFileSync(join(site, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["integrations.ts"] }));
  expect(compile("typescript", site)).toBe("");
});

test("a server renders the fallback of React's AttachTokens, and attaches nothing", ({ packed }) => {
  const site = packed.siteWith("newest");
  link(site, "react", "react-dom");
  const script = `
    import { TestTokenSource } from "bearer-worker/testing";
    import { AttachTokens } from "bearer-worker/react";
    import { createElement } from "react";
    import { renderToString } from "react-dom/server";
    const source = new TestTokenSource();
    const options = { protectedResourceMap: { "/api/*": ["Data.Read"] } };
    const page = createElement(AttachTokens, { source, options, fallback: "Starting" }, "The app");
    process.stdout.write(renderToString(page) + source.silent.length);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: site,
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toBe("Starting0");
});

test("Angular starts without tokens on a server, and after an attachment that fails", ({ packed }) => {
  const site = packed.siteWith("newest");
  link(site, "@angular/core");
  const script = `
    import { ApplicationInitStatus, createEnvironmentInjector, ErrorHandler, InjectionToken, Injector, PLATFORM_ID } from "@angular/core";
    import { TestTokenSource } from "bearer-worker/testing";
    import { provideTokenAttachment } from "bearer-worker/angular";
    const SOURCE = new InjectionToken("SOURCE");
    const start = async (platform) => {
      const errors = [];
      const injector = createEnvironmentInjector([
        { provide: PLATFORM_ID, useValue: platform },
        { provide: ErrorHandler, useValue: { handleError: (error) => errors.push(error.name) } },
        { provide: ApplicationInitStatus, useClass: ApplicationInitStatus },
        { provide: SOURCE, useFactory: () => new TestTokenSource() },
        provideTokenAttachment(SOURCE, () => ({ protectedResourceMap: { "/api/*": ["Data.Read"] } })),
      ], Injector.NULL);
      const status = injector.get(ApplicationInitStatus);
      status.runInitializers();
      await status.donePromise;
      return [platform, status.done, ...errors].join(" ");
    };
    process.stdout.write([await start("server"), await start("browser")].join("; "));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: site,
    encoding: "utf8",
  });
  // Node.js has no document, so that attaching fails there.
  expect(`${stdout}${stderr}`).toBe("server true; browser true ReferenceError");
});

test("the test kit throws errors of the class that the package exports", ({ packed }) => {
  const script = `
    import { BearerWorkerError } from "bearer-worker";
    import { TestTokenSource } from "bearer-worker/testing";
    const error = await new TestTokenSource({ account: null }).acquireSilent({}).catch((error) => error);
    process.stdout.write(\`\${error instanceof BearerWorkerError} \${error.code}\`);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: packed.siteWith("newest"),
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toBe("true interaction_required");
});

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
      // A third of it is the sentences that say how to write a key, and which headers an entry may name.
      6_656,
    ],
    [`import { BearerWorkerError } from "bearer-worker"; globalThis.failure = BearerWorkerError;`, 384],
    [`import "bearer-worker"; import "bearer-worker/sw";`, 0],
  ] as const) {
    const part = await bundle(code);
    expect(part.length, code).toBeLessThanOrEqual(mostBytes);
    expect(part).not.toMatch(/serviceWorker|acquireToken|addEventListener|fetch/);
  }
});

/** @returns the compiler's errors outside of MSAL's own declarations, or the reason that it did not run */
function compile(compiler: string, site: string): string {
  const script = join(repository, "node_modules", compiler, "bin/tsc");
  const options = [script, "-p", site, "--pretty", "false"];
  const { status, stdout, stderr } = spawnSync(process.execPath, options, { encoding: "utf8" });
  if (status === 0) return "";
  // MSAL 3 names a type of Node.js, for instance.
  return `${stdout}${stderr}`.replaceAll(/^\S*node_modules\/@azure\/.*\n(?: .*\n)*/gm, "");
}
