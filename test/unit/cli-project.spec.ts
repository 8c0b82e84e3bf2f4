import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "@playwright/test";
import { build } from "esbuild";
import { supportOf } from "../../cli/project/msal.ts";
import { sign } from "../../cli/signature.ts";
import { compile } from "../snippets/compile.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const FILES = ["bearer-redirect.html", "bearer-redirect.js", "bearer-sw.js"];

/** Outside of this repository, whose own package.json and node_modules would be found from below. */
let folder = "";
test.beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "bearer-worker-project-")));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Writes the files of a project; a value that is no text is written as JSON. */
function write(files: Readonly<Record<string, unknown>>, within = ""): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, within, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
}

/** The files of init in a folder of the project. */
const copied = (path: string): string[] =>
  existsSync(join(folder, path))
    ? readdirSync(join(folder, path))
        .filter((name) => name.startsWith("bearer-"))
        .sort()
    : [];

const tree = (): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

/** As create-vite, create-next-app, Angular's schematics and Create React App write them, for the files that count. */
const VITE = {
  "package.json": {
    type: "module",
    scripts: { dev: "vite", build: "tsc -b && vite build", lint: "eslint .", preview: "vite preview" },
    dependencies: { react: "^19.1.0", "@azure/msal-browser": "^5.20.0" },
    devDependencies: { typescript: "~5.8.3", vite: "npm:rolldown-vite@^6.3.18" },
  },
  "vite.config.ts": "export default defineConfig({\n  plugins: [react()],\n})\n",
  "tsconfig.json": "{}",
  "index.html":
    '<!doctype html>\n<div id="root"></div>\n<script type="module" src="/src/main.tsx"></script>\n',
  "src/main.tsx": "",
  "public/vite.svg": "",
};
const NEXT_PACKAGE = {
  scripts: { dev: "next dev --turbopack", build: "next build", start: "next start", lint: "next lint" },
  dependencies: { react: "^19", next: "15.3.0", "@azure/msal-browser": "^5" },
  devDependencies: { typescript: "^5" },
};
const NEXT_APP = {
  "package.json": NEXT_PACKAGE,
  "next.config.ts": "const nextConfig = {};\nexport default nextConfig;\n",
  "tsconfig.json": "{}",
  "src/app/layout.tsx": "",
  "src/app/page.tsx": "",
  "public/next.svg": "",
};
const NEXT_PAGES = {
  "package.json": NEXT_PACKAGE,
  "next.config.mjs": "export default { reactStrictMode: true };\n",
  "jsconfig.json": "{}",
  "pages/_app.js": "",
  "pages/index.js": "",
  "public/favicon.ico": "",
};
const application = (builder: string, assets: readonly unknown[], root = "") => ({
  projectType: "application",
  schematics: {},
  root,
  sourceRoot: root ? `${root}/src` : "src",
  prefix: "app",
  architect: { build: { builder, options: { browser: "src/main.ts", assets } } },
});
const ANGULAR = {
  "package.json": {
    scripts: { ng: "ng", start: "ng serve", build: "ng build" },
    dependencies: { "@angular/core": "^20.3.0", "@azure/msal-browser": "^5.15.0" },
  },
  "angular.json": {
    version: 1,
    newProjectRoot: "projects",
    projects: {
      shop: application("@angular/build:application", [{ glob: "**/*", input: "public" }]),
    },
  },
  "src/app/app.config.ts": "",
  "public/favicon.ico": "",
};
const ANGULAR_16 = {
  "package.json": {
    scripts: { ng: "ng", start: "ng serve", build: "ng build" },
    dependencies: { "@angular/core": "^16.2.0", "@azure/msal-browser": "^3.28.0" },
  },
  "angular.json": `{
    // Angular's command line reads comments.
    "version": 1,
    "projects": ${JSON.stringify({
      shop: application("@angular-devkit/build-angular:browser", ["src/favicon.ico", "src/assets"]),
      "ui-kit": { projectType: "library", root: "ui-kit", architect: { build: { builder: "ng-packagr" } } },
      "shop-e2e": { projectType: "application", root: "e2e", architect: { e2e: { builder: "protractor" } } },
    })},
  }`,
  "src/app/app.module.ts": "",
  "src/assets/.gitkeep": "",
};
const CREATE_REACT_APP = {
  "package.json": {
    scripts: { start: "react-scripts start", build: "react-scripts build", test: "react-scripts test" },
    dependencies: { react: "^18.2.0", "react-scripts": "5.0.1", "@azure/msal-browser": "^5.15.0" },
  },
  "public/index.html": '<div id="root"></div>',
  "src/index.js": "",
};

const SVELTE_KIT = {
  "package.json": {
    scripts: { dev: "vite dev", build: "vite build", preview: "vite preview" },
    devDependencies: { "@sveltejs/kit": "^2", vite: "^7" },
  },
  "vite.config.ts": "export default defineConfig({ plugins: [sveltekit()] });",
  "svelte.config.js": "const config = { kit: { adapter: adapter() } };\nexport default config;\n",
  "static/favicon.png": "",
};

for (const [name, files, directory, place, line] of [
  ["Vite", VITE, "public", join("src", "main.tsx"), "attachTokens(msal"],
  ["Next.js (app router)", NEXT_APP, "public", join("src", "app", "layout.tsx"), '"use client";'],
  ["Next.js (pages router)", NEXT_PAGES, "public", join("pages", "_app.js"), "<Component {...pageProps} />"],
  [
    'Angular (project "shop")',
    ANGULAR,
    "public",
    join("src", "app", "app.config.ts"),
    "provideTokenAttachment(MSAL, {",
  ],
  [
    'Angular (project "shop")',
    ANGULAR_16,
    join("src", "assets"),
    join("src", "app", "app.module.ts"),
    "provideTokenAttachment(MSAL, {",
  ],
  ["Create React App", CREATE_REACT_APP, "public", join("src", "index.js"), "attachTokens(msal"],
] as const) {
  test(`init finds ${name} with ${directory}, copies there and prints its lines`, () => {
    write(files);

    const { status, stdout, stderr } = run("init");

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(`Found ${name} in this folder. Its folder of static files is ${directory}.`);
    expect(copied(directory)).toEqual(FILES);
    expect(stdout).toContain(place);
    expect(stdout).toContain(line);
    expect(stdout).toContain("postLogoutRedirectUri: redirectUri");
    expect(stdout).toContain('clientCapabilities: ["CP1"]');
    expect(stdout).not.toContain("<script");
    expect(run("init", "--check").status).toBe(0);
    expect(run("init", directory, "--check").status).toBe(0);

    const removed = run("remove");
    expect(removed.status).toBe(0);
    expect(copied(directory)).toEqual(["bearer-sw.js"]);
  });
}

const ANGULAR_WITH_MSAL = {
  ...ANGULAR,
  "package.json": {
    ...ANGULAR["package.json"],
    dependencies: { ...ANGULAR["package.json"].dependencies, "@azure/msal-angular": "^5.0.0" },
  },
};

/** The lines that `init` prints for a project, from the first import on. */
function printedFor(files: Readonly<Record<string, unknown>>, within: string): string {
  write(files, within);
  const { stdout } = run("init", within, "--dry-run");
  const start = /^(?:"use client"|import )/m.exec(stdout)?.index ?? 0;
  return stdout.slice(start).split(/\n\n\d\. /)[0] ?? "";
}

for (const [what, files] of [
  ["an MSAL instance", ANGULAR],
  ["msal-angular", ANGULAR_WITH_MSAL],
] as const) {
  test(`the lines for Angular with ${what} run on a server, which has no location`, async () => {
    const { outputFiles } = await build({
      stdin: { contents: printedFor(files, "shop"), loader: "ts", resolveDir: "." },
      alias: {
        "bearer-worker/angular": "./dist/angular.js",
        // Its entry is compiled by Angular's linker. This token alone is of interest.
        "@azure/msal-angular": "data:text/javascript,export const MSAL_INSTANCE = {}",
      },
      external: ["data:*", "@angular/core", "@azure/msal-browser", "bearer-worker"],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
    });
    const module = test.info().outputPath("tokens.mjs");
    writeFileSync(module, outputFiles[0]?.text ?? "");

    const { status, stderr } = spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `(await import(${JSON.stringify(pathToFileURL(module).href)})).provideTokens()`,
      ],
      { encoding: "utf8" },
    );

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
}

test("the printed lines compile", () => {
  const printed = [VITE, NEXT_APP, ANGULAR, ANGULAR_WITH_MSAL].map((files, index) => {
    const code = printedFor(files, `${index}`);
    expect(code).toMatch(/attachTokens\(|provideTokenAttachment\(/);
    const place = `printed lines ${index}`;
    const language = "tsx" as const;
    return { snippet: { place, heading: "", language, file: null, code, asIn: null }, language, code };
  });
  expect(compile(printed, test.info().outputPath("printed"))).toEqual([]);
});

test("--dry-run writes nothing, and says what init would do", () => {
  write(VITE);
  write({ "public/bearer-sw.js": sign("bearer-sw.js", "/* older */", "0.0.9") });
  const before = tree();

  const { status, stdout } = run("init", "--dry-run");
  expect(status).toBe(0);
  expect(stdout).toContain(`${join("public", "bearer-sw.js")}: would be updated\n`);
  expect(stdout).toContain(`${join("public", "bearer-redirect.html")}: would be created\n`);
  expect(stdout).toContain("attachTokens(msal");
  expect(tree()).toEqual(before);

  expect(JSON.parse(run("init", "--dry-run", "--json").stdout)).toMatchObject({
    dryRun: true,
    ok: true,
    project: { framework: "vite", root: "." },
    files: [{ state: "stale", action: "updated" }, { action: "created" }, { action: "created" }],
  });

  write({ "public/bearer-sw.js": "importScripts('/other.js');" });
  const refused = run("init", "--dry-run");
  expect(refused.status).toBe(1);
  expect(refused.stdout).toContain("No file would be written.");
  expect(run("init", "--dry-run", "--check").status).toBe(2);
});

test("a folder of static files that is missing is created, and named as an argument, too", () => {
  const { "public/vite.svg": _, ...files } = VITE;
  write(files, "one");
  write(files, "other");

  expect(run("init", "one").status).toBe(0);
  expect(copied(join("one", "public"))).toEqual(FILES);
  expect(run("init", join("other", "public")).status).toBe(0);
  expect(copied(join("other", "public"))).toEqual(FILES);
  expect(run("init", join("other", "static")).stderr).toContain("does not exist");
});

test("the scripts of package.json decide between Next.js and Vite, which its tests use", () => {
  write({ ...NEXT_APP, "vite.config.ts": "export default { test: {} };" });
  write({
    "package.json": { ...NEXT_PACKAGE, devDependencies: { vite: "^7", vitest: "^3" } },
  });

  expect(run("init", "--dry-run").stdout).toContain("Found Next.js (app router)");

  write({ "package.json": { ...NEXT_PACKAGE, scripts: { dev: "vite", build: "vite build" } } });
  expect(run("init", "--dry-run").stdout).toContain("Found Vite in");
});

test("a workspace gets a proposal for each of its projects, and no file", () => {
  write({ "package.json": { workspaces: ["apps/*"], devDependencies: { prettier: "^3" } } });
  write(VITE, "apps/shop");
  write(NEXT_APP, "apps/admin");
  write(VITE, "apps/shop/node_modules/vite-template");

  const { status, stdout } = run("init");

  expect(status).toBe(1);
  expect(stdout).toContain(`bearer-worker init ${join("apps", "shop")}    (Vite)`);
  expect(stdout).toContain(`bearer-worker init ${join("apps", "admin")}    (Next.js (app router))`);
  expect(stdout).not.toContain("node_modules");
  expect(copied("apps/shop/public")).toEqual([]);
  expect(JSON.parse(run("init", "--json").stdout)).toMatchObject({
    directory: null,
    ok: false,
    proposals: [{ directory: join("apps", "admin") }, { directory: join("apps", "shop") }],
  });

  const chosen = run("init", join("apps", "shop"));
  expect(chosen.stdout).toContain(`Add this to ${join("apps", "shop", "src", "main.tsx")}.`);
  expect(copied("apps/shop/public")).toEqual(FILES);
});

test("each application of a workspace of Angular is named, by its folder", () => {
  const applicationIn = (root: string) =>
    application("@angular/build:application", [{ glob: "**/*", input: `${root}/public` }], root);
  write({
    ...ANGULAR,
    "angular.json": {
      projects: { shop: applicationIn("projects/shop"), admin: applicationIn("projects/admin") },
    },
    "projects/shop/public/favicon.ico": "",
    "projects/admin/public/favicon.ico": "",
  });

  expect(run("init").stdout).toContain(
    `bearer-worker init ${join("projects", "admin")}    (Angular (project "admin"))`,
  );
  const { status, stdout } = run("init", join("projects", "shop"));
  expect(status).toBe(0);
  expect(stdout).toContain('Found Angular (project "shop")');
  expect(copied("projects/shop/public")).toEqual(FILES);
});

test("the entry that angular.json lacks is printed until it is there", () => {
  write(ANGULAR_16);
  const entry = { glob: "bearer-*", input: "src/assets", output: "/" };
  const printed = '{ "glob": "bearer-*", "input": "src/assets", "output": "/" }';
  expect(run("init", "--dry-run").stdout).toContain(printed);

  write({
    "angular.json": {
      projects: { shop: application("@angular-devkit/build-angular:browser", ["src/assets", entry]) },
    },
  });
  const { stdout } = run("init");
  expect(stdout).toContain(`Its folder of static files is ${join("src", "assets")}.`);
  expect(stdout).not.toContain('"glob"');
  expect(JSON.parse(run("remove", "--json").stdout)).toMatchObject({
    mentions: [{ path: "angular.json" }],
  });
});

test("plain folders are proposed by their index.html, and a named one needs no project", () => {
  write({ "public/index.html": "", "index.html": "" });

  const { status, stdout } = run("init");
  expect(status).toBe(1);
  expect(stdout).toContain("  bearer-worker init public    (plain files, with an index.html)\n");
  expect(stdout).toContain("  bearer-worker init .    (plain files");
  expect(run("remove").stdout).toContain("  bearer-worker remove public    (plain");

  const named = run("init", "public");
  expect(named.status).toBe(0);
  expect(named.stdout).toContain("<script");
  expect(named.stdout).toContain("postLogoutRedirectUri: redirectUri");
  expect(copied("public")).toEqual(["bearer-page.js", ...FILES]);
});

test("a folder without any sign of a site is misuse, and a broken package.json is named", () => {
  expect(run("init")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      "This folder is no project of Vite, Next.js, Angular or Create React App.",
    ),
  });

  write({ "package.json": '{ "dependencies": {' });
  expect(run("init").stderr).toContain("package.json is no valid JSON.");

  // The configuration of Vite says enough.
  const { "package.json": _, ...files } = VITE;
  write(files);
  const { status, stdout } = run("init");
  expect(status).toBe(0);
  expect(stdout).toContain("package.json is no valid JSON, so it was not read.\nFound Vite in this folder.");
  expect(stdout).toContain("npm install bearer-worker @azure/msal-browser");
});

for (const [what, content] of [
  ["a list", "[]"],
  ["null", "null"],
  ["values of other types", '{ "dependencies": ["vite"], "scripts": { "dev": 7 }, "homepage": {} }'],
] as const) {
  test(`a package.json of ${what} is no obstacle`, () => {
    write({ ...VITE, "package.json": content });

    expect(run("init").status).toBe(0);
    expect(copied("public")).toEqual(FILES);
  });
}

test("a value in angular.json that is no folder of the project is not followed", () => {
  const outside = realpathSync(mkdtempSync(join(tmpdir(), "bearer-worker-outside-")));
  try {
    for (const input of ["../outside", "linked", "src/file"]) {
      write({
        ...ANGULAR,
        "angular.json": {
          projects: { shop: application("@angular/build:application", [{ glob: "**/*", input }]) },
        },
        "src/file": "",
      });
      if (input === "linked") symlinkSync(outside, join(folder, "linked"));
      const { status, stdout } = run("init");
      expect({ input, status }).toEqual({ input, status: 1 });
      expect(stdout).toContain("is no folder of the project.");
    }
    expect(readdirSync(outside)).toEqual([]);
  } finally {
    rmSync(outside, { recursive: true });
  }
});

const COMPUTED = "sets root or publicDir in a way that only Vite can read.";
for (const [what, configuration, expected] of [
  ["below the top level", 'defineConfig({ test: { root: "./src" } })', "public"],
  ["of a plugin", 'defineConfig({ plugins: [checker({ typescript: { root: "./x" } })] })', "public"],
  ["in a comment", '{\n  // root: "client",\n  /* publicDir: "static" */\n}', "public"],
  ["in a text", `{ define: { title: '"root": "client"' } }`, "public"],
  ["of a type", '{ publicDir: "static" } satisfies UserConfig', "static"],
  ["of a function", 'defineConfig(({ mode }) => ({ root: "client", mode }))', join("client", "public")],
  [
    "of an asynchronous function",
    'async () => { const root = "client"; return { root }; }',
    join("client", "public"),
  ],
  ["in quotes", '{ "publicDir": `static` }', "static"],
  ["spread from an object", '{ ...{ publicDir: "assets" }, publicDir: "static" }', "static"],
  [
    "that differs by the command",
    'defineConfig(({ command }) => command === "build" ? { root: "a" } : {})',
    null,
  ],
  ["spread from elsewhere", "defineConfig({ ...shared })", null],
  ["merged with another", "mergeConfig(shared, defineConfig({}))", null],
  ["that is computed", 'defineConfig({ root: resolve(import.meta.dirname, "client") })', null],
  ["under a computed key", "{ [key]: 1 }", null],
  ["in a script with a mistake", "{ root: ", null],
] as const) {
  test(`a setting of Vite ${what} is read as Vite does, or is a reason to ask`, () => {
    write({
      ...VITE,
      "vite.config.ts": `import shared from "./shared";\nexport default ${configuration};\n`,
      "client/index.html": "",
    });

    const { status, stdout } = run("init", "--dry-run");

    expect(stdout).toContain(expected === null ? COMPUTED : `Its folder of static files is ${expected}.`);
    expect(status).toBe(expected === null ? 1 : 0);
  });
}

test("an object that is changed after its declaration is a reason to ask", () => {
  write({
    ...VITE,
    "client/index.html": "",
    "vite.config.ts": 'const config: UserConfig = {};\nconfig.root = "client";\nexport default config;\n',
  });
  expect(run("init", "--dry-run").stdout).toContain(COMPUTED);

  write({ "vite.config.ts": 'const config: UserConfig = { root: "client" };\nexport default config;\n' });
  expect(run("init", "--dry-run").stdout).toContain(`static files is ${join("client", "public")}.`);

  write({ "vite.config.ts": "const a = b;\nconst b = a;\nexport default a;\n" });
  expect(run("init", "--dry-run").stdout).toContain(COMPUTED);
});

for (const [setting, expected] of [
  ['publicDir: "static"', "Its folder of static files is static."],
  ['root: "client",', `Its folder of static files is ${join("client", "public")}.`],
  ["publicDir: false", "(Vite: vite.config.ts sets root or publicDir in a way that only Vite can read.)"],
  ["root: here()", "(Vite: vite.config.ts sets root or publicDir"],
  ['build: { lib: { entry: "src/main.ts" } }', "(Vite: vite.config.ts builds a library.)"],
] as const) {
  test(`the setting ${setting} of Vite is read, or is a reason to ask`, () => {
    write({
      ...VITE,
      "vite.config.ts": `export default defineConfig({ ${setting} });`,
      "client/index.html": "",
    });

    expect(run("init", "--dry-run").stdout).toContain(expected);
  });
}

for (const [name, files] of [
  ["Vite", { ...VITE, "vite.config.ts": 'export default { base: mode === "production" ? "/shop/" : "/" };' }],
  ["Vite, which is relative", { ...VITE, "vite.config.ts": 'export default { base: "./" };' }],
  ["Next.js", { ...NEXT_APP, "next.config.ts": "export default { basePath: process.env.BASE };" }],
  [
    "SvelteKit",
    { ...SVELTE_KIT, "svelte.config.js": "export default { kit: { paths: { base: base() } } };" },
  ],
] as const) {
  test(`a path that only the configuration of ${name} can compute is left to the user`, () => {
    write(files);

    const { status, stdout } = run("init", "--dry-run");

    expect(status).toBe(0);
    expect(stdout).toContain("Look up the path below which your site is served.");
    expect(stdout).toContain('give attachTokens the option serviceWorker: "/shop/bearer-sw.js"');
  });
}

test("without a path in the configuration there is no remark about it", () => {
  for (const files of [VITE, NEXT_APP, NEXT_PAGES, ANGULAR, SVELTE_KIT, CREATE_REACT_APP]) {
    write(files, files["package.json"].scripts.build);
    const { stdout } = run("init", files["package.json"].scripts.build, "--dry-run");
    expect(stdout).toContain("Register /bearer-redirect.html,");
    expect(stdout).not.toContain("Look up the path");
  }
});

test("SvelteKit may serve another folder, which it names", () => {
  write({ ...SVELTE_KIT, "svelte.config.js": 'export default { kit: { files: { assets: "assets" } } };' });
  expect(run("init", "--dry-run").stdout).toContain("Its folder of static files is assets.");

  write({ "svelte.config.js": "export default { kit: { files: { assets: assets() } } };" });
  expect(run("init", "--dry-run").stdout).toContain("svelte.config.js sets kit.files.assets in a way");
});

test("SvelteKit has its own folder and file, and a package of Vite alone makes no project", () => {
  write(
    { "package.json": { devDependencies: { "@sveltejs/kit": "^2", vite: "^7" } }, "vite.config.js": "" },
    "svelte",
  );
  const { stdout } = run("init", "svelte");
  expect(copied("svelte/static")).toEqual(FILES);
  expect(stdout).toContain(`Add this to ${join("svelte", "src", "hooks.client.ts")}.`);

  write({ "package.json": { devDependencies: { vite: "^7", vitest: "^3" } } }, "plain");
  expect(run("init", "plain").status).toBe(0);
  expect(copied("plain")).toEqual(["bearer-page.js", ...FILES]);
});

for (const [name, files] of [
  ["Vite", { ...VITE, "vite.config.ts": 'export default { base: "/shop/" };' }],
  ["Next.js", { ...NEXT_APP, "next.config.ts": 'export default { basePath: "/shop" };' }],
  [
    "Next.js, with wrappers",
    {
      ...NEXT_APP,
      "next.config.ts":
        'const nextConfig: NextConfig = { basePath: "/shop" };\nmodule.exports = withA({ a: 1 })(withB(nextConfig));\n',
    },
  ],
  [
    "SvelteKit",
    {
      ...SVELTE_KIT,
      "svelte.config.js": 'const config = { kit: { paths: { base: "/shop" } } };\nexport default config;',
    },
  ],
  [
    "Angular",
    {
      ...ANGULAR,
      "angular.json": {
        projects: {
          shop: {
            ...application("@angular/build:application", [{ glob: "**/*", input: "public" }]),
            architect: {
              build: {
                builder: "@angular/build:application",
                options: { assets: [{ glob: "**/*", input: "public" }] },
                configurations: { production: { baseHref: "/shop/" }, development: { baseHref: "/" } },
              },
            },
          },
        },
      },
    },
  ],
  [
    "Create React App",
    {
      ...CREATE_REACT_APP,
      "package.json": {
        ...CREATE_REACT_APP["package.json"],
        homepage: "https://contoso.example/shop",
      },
    },
  ],
] as const) {
  test(`the lines for ${name} name the path below which the site is served`, () => {
    write(files);

    const { stdout } = run("init", "--dry-run");

    expect(stdout).toContain("Register /shop/bearer-redirect.html,");
    expect(stdout).toContain("`${location.origin}/shop/bearer-redirect.html`");
    expect(stdout).toContain('serviceWorker: "/shop/bearer-sw.js"');
  });
}

test("a project that has bearer-page.js keeps it, in the version of the others", () => {
  write({ ...VITE, "public/bearer-page.js": sign("bearer-page.js", "/* older */", "0.0.9") });

  expect(run("init").stdout).toContain(`${join("public", "bearer-page.js")}: updated\n`);
  expect(run("init", "--bundler", "--check").stdout).not.toContain("bearer-page.js");

  write({ "public/bearer-page.js": "/* theirs */" });
  expect(run("init", "--check").status).toBe(0);
});

test("another folder of a project is a plain site", () => {
  write({ ...VITE, "legacy/index.html": "" });

  expect(run("init", "legacy").stdout).toContain("<script");
  expect(copied("legacy")).toEqual(["bearer-page.js", ...FILES]);
});

test("remove finds the lines in the project's sources, and leaves packages and built files out", () => {
  write({
    ...VITE,
    "src/main.tsx": 'import { attachTokens } from "bearer-worker";\n\nattachTokens(msal, {});\n',
    "src/session.vue": 'import type { TokenSource } from "bearer-worker";\n',
    "dist/assets/main.js": "attachTokens();\n",
    "node_modules/other/index.js": "attachTokens();\n",
  });
  run("init");

  expect(JSON.parse(run("remove", "--json").stdout)).toMatchObject({
    directory: "public",
    mentions: [
      { path: join("src", "main.tsx"), line: 1 },
      { path: join("src", "main.tsx"), line: 3 },
      { path: join("src", "session.vue"), line: 1 },
    ],
  });
});

test("the version of MSAL is that of package.json and of node_modules, and an old one is named", () => {
  write(VITE);
  const installed = "node_modules/@azure/msal-browser/package.json";
  write({ [installed]: { version: "5.29.0" } });
  expect(run("init", "--dry-run").stdout).toContain(
    'Found MSAL "^5.20.0" in package.json, 5.29.0 in node_modules.\n\n',
  );

  write({ [installed]: { version: "2.39.0" } });
  const { status, stdout } = run("init");
  expect(status).toBe(0);
  expect(stdout).toContain("This version of MSAL is not supported. Update it: bearer-worker needs ^");
});

test("a version of MSAL is judged by the alternatives of the supported range", () => {
  const judged = (version: string) => supportOf(version, "^3.20 || ^4 || ^5");
  for (const version of ["3.20.0", "^3.30.0", "3.30", "4.0.1", "~4.30.0", "^5", "^2 || ^3.28", "^3", "5.x"])
    expect([version, judged(version)]).toEqual([version, "supported"]);
  for (const version of ["2.39.0", "^2.39.0", "3.19.4", "~3.2.0", "1"])
    expect([version, judged(version)]).toEqual([version, "older"]);
  expect(judged("6.0.0-beta.1")).toBe("newer");
  for (const version of ["", "latest", "workspace:*", "catalog:", "npm:other@5"])
    expect([version, judged(version)]).toEqual([version, "unknown"]);
  expect(supportOf("5.14.0", "^5.15.0")).toBe("older");
  expect(supportOf("^5.2.0", "^5.15.0")).toBe("supported");
});
