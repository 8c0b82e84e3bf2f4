import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { sign } from "../../cli/signature.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

function run(...args: string[]) {
  const cwd = test.info().outputPath();
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

const inSite = (name: string): string => join(test.info().outputPath("site"), name);
const read = (name: string): string => readFileSync(inSite(name), "utf8");
const built = (name: string): string => readFileSync(new URL(`../../dist/${name}`, import.meta.url), "utf8");

test.beforeEach(() => {
  mkdirSync(test.info().outputPath("site"), { recursive: true });
  // The sources of the site end here.
  writeFileSync(test.info().outputPath("package.json"), "{}");
});

test("remove replaces the worker by one that removes itself, and deletes the other files of init", () => {
  run("init", "site");
  writeFileSync(inSite("index.html"), "<!doctype html>\n");

  const { status, stdout } = run("remove", "site");

  expect(status).toBe(0);
  expect(stdout).toContain(`${join("site", "bearer-sw.js")}: replaced, with a worker that removes itself`);
  expect(stdout).toContain(`${join("site", "bearer-page.js")}: deleted`);
  expect(stdout).not.toContain("Remove these lines");
  expect(readdirSync(inSite(".")).sort()).toEqual(["bearer-sw.js", "index.html"]);
  expect(read("bearer-sw.js")).toContain("unregister");
});

test("a second run changes nothing, and init restores all files", () => {
  run("init", "site");
  run("remove", "site");
  const removal = read("bearer-sw.js");

  expect(run("remove", "site")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("unchanged, a worker that removes itself"),
  });
  expect(read("bearer-sw.js")).toBe(removal);

  expect(run("init", "site", "--check").status).toBe(1);
  expect(run("init", "site").status).toBe(0);
  expect(run("init", "site", "--check").status).toBe(0);
  expect(read("bearer-sw.js")).not.toBe(removal);
});

test("remove replaces a worker that was copied by hand or is of another version, and creates a missing one", () => {
  expect(run("remove", "site").stdout).toContain(
    `${join("site", "bearer-sw.js")}: created, with a worker that removes itself`,
  );
  const removal = read("bearer-sw.js");

  for (const earlier of [built("bearer-sw.js"), sign("bearer-sw.js", "/* older */", "0.0.9")]) {
    writeFileSync(inSite("bearer-sw.js"), earlier);
    expect(run("remove", "site").status).toBe(0);
    expect(read("bearer-sw.js")).toBe(removal);
  }
});

test("remove keeps files that the site has changed", () => {
  run("init", "site");
  const own = `${read("bearer-redirect.html")}<!-- ours -->\n`;
  writeFileSync(inSite("bearer-redirect.html"), own);
  const changed = read("bearer-page.js").replace("(", "( ");
  writeFileSync(inSite("bearer-page.js"), changed);

  const { status, stdout } = run("remove", "site");

  expect(status).toBe(0);
  expect(stdout).toContain(`${join("site", "bearer-redirect.html")}: not written by bearer-worker, so kept`);
  expect(stdout).toContain(
    `${join("site", "bearer-page.js")}: changed since bearer-worker wrote it, so kept`,
  );
  expect(read("bearer-redirect.html")).toBe(own);
  expect(read("bearer-page.js")).toBe(changed);
  expect(existsSync(inSite("bearer-redirect.js"))).toBe(false);

  run("remove", "site", "--force");
  expect(readdirSync(inSite("."))).toEqual(["bearer-sw.js"]);
});

test("without --force, remove keeps the site's own worker and all other files", () => {
  run("init", "site");
  writeFileSync(inSite("bearer-sw.js"), 'importScripts("/other.js");\n');

  const { status, stdout } = run("remove", "site");

  expect(status).toBe(1);
  expect(stdout).toContain("not written by bearer-worker, so not replaced");
  expect(stdout).toContain("--force");
  expect(readdirSync(inSite("."))).toHaveLength(4);
  expect(read("bearer-sw.js")).toBe('importScripts("/other.js");\n');
});

test("remove lists the lines of the site's pages that use the files", () => {
  run("init", "site");
  mkdirSync(inSite("shop"));
  mkdirSync(inSite("node_modules"));
  writeFileSync(
    inSite("index.html"),
    '<!doctype html>\n<script src="/bearer-page.js"></script>\n<p>Hello</p>\n',
  );
  writeFileSync(inSite(join("shop", "sign-in.js")), "const a = 1;\n\nbearerWorker.attachTokens(msal, {});\n");
  writeFileSync(inSite(join("node_modules", "other.js")), "attachTokens();\n");

  const { status, stdout } = run("remove", "site", "--json");

  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    directory: "site",
    ok: true,
    files: [
      { path: join("site", "bearer-sw.js"), state: "stale", action: "replaced" },
      { path: join("site", "bearer-page.js"), state: "current", action: "deleted" },
      { path: join("site", "bearer-redirect.html"), state: "current", action: "deleted" },
      { path: join("site", "bearer-redirect.js"), state: "current", action: "deleted" },
    ],
    mentions: [
      { path: join("site", "index.html"), line: 2 },
      { path: join("site", "shop", "sign-in.js"), line: 3 },
    ],
  });
  expect(run("remove", "site").stdout).toContain(`  ${join("site", "index.html")}:2\n`);
});

test("remove lists the lines of sources around a plain folder, and names a worker that imports the file", () => {
  const around = test.info().outputPath();
  for (const folder of ["src", "node_modules", "dist"]) mkdirSync(join(around, folder));
  writeFileSync(join(around, "src", "main.ts"), 'import { attachTokens } from "bearer-worker";\n');
  writeFileSync(join(around, "src", "own-sw.ts"), 'import "bearer-worker/bearer-sw.js";\n');
  writeFileSync(join(around, "node_modules", "other.js"), "attachTokens();\n");
  writeFileSync(join(around, "dist", "main.js"), "attachTokens();\n");
  writeFileSync(
    inSite("sw.js"),
    'importScripts("/bearer-sw.js");\n\nbearerWorker.registerTokenRoute();\nglobIgnores: ["bearer-redirect.*"]\n',
  );
  run("init", "site", "--bundler");

  const { stdout } = run("remove", "site");

  expect(stdout).toContain(
    "A worker of your own imports bearer-sw.js, which does nothing there from now on.",
  );
  expect(stdout.match(/^ {2}.*:\d+$/gm)).toEqual([
    `  ${join("site", "sw.js")}:1`,
    `  ${join("site", "sw.js")}:3`,
    `  ${join("site", "sw.js")}:4`,
    `  ${join("src", "main.ts")}:1`,
    `  ${join("src", "own-sw.ts")}:1`,
    `  ${join("site", "sw.js")}:1`,
  ]);
  expect(JSON.parse(run("remove", "site", "--json").stdout)).toMatchObject({
    imports: [{ path: join("site", "sw.js"), line: 1 }],
  });
  // The folder of the site is searched, whatever its name is.
  expect(run("remove", "dist").stdout).toContain(`  ${join("dist", "main.js")}:1\n`);
});
