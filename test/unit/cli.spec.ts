import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { sign } from "../../cli/signature.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const NAMES = ["bearer-page.js", "bearer-redirect.html", "bearer-redirect.js", "bearer-sw.js"];

/** Runs the built command line, in the directory that holds the test's `site`. */
function run(...args: string[]) {
  const cwd = test.info().outputPath();
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

const inSite = (name: string): string => join(test.info().outputPath("site"), name);
const read = (name: string): string => readFileSync(inSite(name), "utf8");
const said = (name: string, what: string): string => `${join("site", name)}: ${what}\n`;

/** A file as another version of the package writes it. */
const older = (name: string): string =>
  sign(name, `/* older */${readFileSync(new URL(`../../dist/${name}`, import.meta.url), "utf8")}`, "0.0.9");

test.beforeEach(() => {
  mkdirSync(test.info().outputPath("site"), { recursive: true });
});

test("init creates the files and prints the two script tags", () => {
  const { status, stdout, stderr } = run("init", "site");

  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const name of NAMES) expect(stdout).toContain(said(name, "created"));
  expect(stdout.match(/<script\b/g)).toHaveLength(2);
  expect(readdirSync(inSite(".")).sort()).toEqual(NAMES);
});

test("for a bundler init omits the script-tag build, and prints the import", () => {
  const { status, stdout } = run("init", "site", "--bundler");

  expect(status).toBe(0);
  expect(readdirSync(inSite("."))).toEqual(NAMES.filter((name) => name !== "bearer-page.js"));
  expect(stdout).toContain('import { attachTokens } from "bearer-worker";');
  expect(stdout).not.toContain("<script");
  expect(run("init", "site", "--bundler", "--check").status).toBe(0);

  // Without --bundler, --check expects all files.
  const whole = run("init", "site", "--check");
  expect(whole.status).toBe(1);
  expect(whole.stdout).toContain(said("bearer-page.js", "missing"));
  writeFileSync(inSite("bearer-sw.js"), older("bearer-sw.js"));
  expect(run("init", "site", "--bundler", "--check").stdout).toContain('"bearer-worker init site --bundler"');
});

test("each copy is the built file without the name of its source map", () => {
  run("init", "site");

  for (const name of NAMES) {
    const built = readFileSync(new URL(`../../dist/${name}`, import.meta.url), "utf8");
    expect(read(name).length).toBeGreaterThan(200);
    expect(built.startsWith(read(name).trimEnd().split("\n").slice(0, -1).join("\n"))).toBe(true);
    expect(read(name)).not.toContain("sourceMappingURL");
  }
});

test("a second run leaves everything unchanged, with any line ends", () => {
  run("init", "site");
  writeFileSync(inSite("bearer-redirect.html"), read("bearer-redirect.html").replaceAll("\n", "\r\n"));

  expect(run("init", "site")).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^(?:\S+: unchanged\n){4}$/),
    stderr: "",
  });
  expect(read("bearer-redirect.html")).toContain("\r\n");
});

test("a file of another version is updated, a missing one created", () => {
  run("init", "site");
  const current = read("bearer-sw.js");
  writeFileSync(inSite("bearer-sw.js"), older("bearer-sw.js"));
  mkdirSync(test.info().outputPath("site", "deeper"));

  const { status, stdout } = run("init", "site");
  expect(status).toBe(0);
  expect(stdout).toContain(said("bearer-sw.js", "updated"));
  expect(stdout).toContain(said("bearer-page.js", "unchanged"));
  expect(read("bearer-sw.js")).toBe(current);

  expect(run("init", join("site", "deeper")).stdout).toContain(
    said(join("deeper", "bearer-sw.js"), "created"),
  );
});

for (const [what, own] of [
  ["a worker of the site", 'importScripts("/bearer-worker/sw.js");\n'],
  [
    "a bundle of the package",
    '(()=>{self.bearerWorker={};console.log("bearer-worker")})();\n//# sourceMappingURL=bearer-sw.js.map\n',
  ],
  ["an empty file", ""],
] as const) {
  test(`${what} is not overwritten without --force, and no other file is written`, () => {
    writeFileSync(inSite("bearer-sw.js"), own);

    const refused = run("init", "site");
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain(
      said("bearer-sw.js", "not written by bearer-worker, so not overwritten"),
    );
    expect(refused.stdout).toContain("--force");
    expect(readdirSync(inSite("."))).toEqual(["bearer-sw.js"]);
    expect(read("bearer-sw.js")).toBe(own);

    const forced = run("init", "site", "--force");
    expect(forced.status).toBe(0);
    expect(forced.stdout).toContain(said("bearer-sw.js", "overwritten"));
    expect(run("init", "site", "--check").status).toBe(0);
  });
}

test("a file that the site has changed is not overwritten without --force, and no other file is written", () => {
  run("init", "site");
  const changed = read("bearer-redirect.html").replace("Signing in was", "Anmelden wurde");
  writeFileSync(inSite("bearer-redirect.html"), changed);
  writeFileSync(inSite("bearer-sw.js"), older("bearer-sw.js"));

  const refused = run("init", "site");
  expect(refused.status).toBe(1);
  expect(refused.stdout).toContain(
    said("bearer-redirect.html", "changed since bearer-worker wrote it, so not overwritten"),
  );
  expect(read("bearer-redirect.html")).toBe(changed);
  expect(read("bearer-sw.js")).toBe(older("bearer-sw.js"));
  expect(run("init", "site", "--check").status).toBe(1);

  expect(run("init", "site", "--force").stdout).toContain(said("bearer-redirect.html", "overwritten"));
  expect(run("init", "site", "--check").status).toBe(0);
});

test("init replaces a worker that was copied out of the package by hand", () => {
  writeFileSync(
    inSite("bearer-sw.js"),
    readFileSync(new URL("../../dist/bearer-sw.js", import.meta.url), "utf8"),
  );

  expect(run("init", "site")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(said("bearer-sw.js", "updated")),
  });
});

test("--json gives the state of each file and the action taken", () => {
  run("init", "site");
  writeFileSync(inSite("bearer-page.js"), older("bearer-page.js"));

  const checked = run("init", "site", "--check", "--json");
  expect(checked.status).toBe(1);
  expect(JSON.parse(checked.stdout)).toEqual({
    directory: "site",
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    ok: false,
    project: null,
    files: [
      { path: join("site", "bearer-sw.js"), state: "current", action: "none" },
      { path: join("site", "bearer-page.js"), state: "stale", action: "none" },
      { path: join("site", "bearer-redirect.html"), state: "current", action: "none" },
      { path: join("site", "bearer-redirect.js"), state: "current", action: "none" },
    ],
  });
  expect(JSON.parse(run("init", "site", "--json").stdout)).toMatchObject({
    ok: true,
    files: expect.arrayContaining([
      { path: join("site", "bearer-page.js"), state: "stale", action: "updated" },
    ]),
  });
});

test("--check names missing, stale and foreign files, and changes nothing", () => {
  expect(run("init", "site", "--check")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(said("bearer-sw.js", "missing")),
  });
  expect(readdirSync(inSite("."))).toEqual([]);

  run("init", "site");
  expect(run("init", "--check", "site").status).toBe(0);

  const stale = older("bearer-page.js");
  writeFileSync(inSite("bearer-page.js"), stale);
  writeFileSync(inSite("bearer-redirect.html"), "<!doctype html>");
  const { status, stdout } = run("init", "site", "--check");
  expect(status).toBe(1);
  expect(stdout).toContain(said("bearer-page.js", "stale"));
  expect(stdout).toContain(said("bearer-redirect.html", "not written by bearer-worker"));
  expect(stdout).toContain(said("bearer-sw.js", "unchanged"));
  expect(read("bearer-page.js")).toBe(stale);
});

test("a directory that does not exist, or is a file, is an error that names the fix", () => {
  writeFileSync(inSite("index.html"), "");
  for (const [path, problem] of [
    ["nowhere", "does not exist"],
    [join("site", "index.html"), "is not a directory"],
  ] as const) {
    expect(run("init", path)).toEqual({
      status: 1,
      stdout: "",
      stderr: `bearer-worker: ${path} ${problem}. Give the directory that holds your site's files, as in "bearer-worker init public".\n`,
    });
  }
  expect(readdirSync(test.info().outputPath())).toEqual(["site"]);
});

test("--help prints the usage, and --version prints the package's version", () => {
  for (const [args, usage] of [
    [["--help"], "<command>"],
    [["-h"], "<command>"],
    [["init", "--help"], "init [<dir>]"],
    [["doctor", "-h"], "doctor <url>"],
    [["remove", "site", "--help"], "remove [<dir>]"],
  ] as const) {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n")[0]).toContain(`Usage: bearer-worker ${usage}`);
  }
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(run("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
});

for (const [args, complaint] of [
  [[], "No command was given. Name init, doctor or remove."],
  [["launch"], 'There is no command "launch". The commands are init, doctor and remove.'],
  [["--launch"], 'There is no option "--launch"'],
  [["toString"], 'There is no command "toString"'],
  [["init"], "This folder is no project of Vite, Next.js, Angular or Create React App. Give the directory"],
  [["init", ""], "init takes one directory, and got none."],
  [["init", "site", "other"], "init takes one directory, and got 2."],
  [["init", "site", "--launch"], "'--launch'"],
  [["init", "site", "--check=yes"], "'--check'"],
  [["init", "site", "--check", "--force"], "Use one of them."],
  [["init", "site", "--check", "--dry-run"], "--check fails unless all files are current."],
  [["remove"], 'as in "bearer-worker remove public".'],
  [["remove", "site", "other"], "remove takes one directory, and got 2."],
  [["remove", "site", "--check"], "'--check'"],
  [["doctor"], "doctor takes one URL"],
  [["doctor", "not a url?token=secret"], '"not a url" is not an http or https URL.'],
  [["doctor", "file:///etc/passwd"], "is not an http or https URL."],
  [["doctor", "https://user:password@contoso.example"], "must not hold a user name and password."],
  [
    ["doctor", "https://contoso.example", "--worker", "https://other.example/bearer-sw.js?token=secret"],
    "--worker has to be of the page's origin, https://contoso.example. Give it as a path.",
  ],
  [["doctor", "https://contoso.example", "--redirect", "http://contoso.example/"], "--redirect has to be of"],
  [["doctor", "https://contoso.example", "--scope", "//other.example/"], "--scope has to be of"],
  [["doctor", "https://contoso.example", "--api"], "'--api <value>'"],
] as const) {
  test(`"${args.join(" ")}" gets the usage and exit code 2`, () => {
    const { status, stdout, stderr } = run(...args);

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(complaint);
    expect(stderr).toContain("\n\nUsage: bearer-worker");
    expect(stderr).not.toMatch(/secret|user:password/);
    expect(readdirSync(inSite("."))).toEqual([]);
  });
}
