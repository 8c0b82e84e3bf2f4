import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { readRegularFile } from "../../cli/regular-file.ts";
import { type Change, replaceFiles } from "../../cli/replace-files.ts";
import { CONTROLS, runCli } from "./run-cli.ts";

const inSite = (name: string): string => test.info().outputPath("site", name);
const read = (name: string): string => readFileSync(inSite(name), "utf8");
const inside = (name = "."): string[] => readdirSync(inSite(name)).sort();

test.beforeEach(() => {
  mkdirSync(test.info().outputPath("site"), { recursive: true });
  // The sources of the site end here.
  writeFileSync(test.info().outputPath("package.json"), "{}");
});

/** Things that can have the name of a file, and the word for each. */
const IRREGULAR: [what: string, word: string, make: (path: string) => unknown][] = [
  [
    "a link to a file",
    "symbolic link",
    (path) => {
      writeFileSync(test.info().outputPath("target"), "theirs");
      symlinkSync("../target", path);
    },
  ],
  ["a dangling link", "symbolic link", (path) => symlinkSync("../target", path)],
  ["a link to a device", "symbolic link", (path) => symlinkSync("/dev/zero", path)],
  ["a directory", "directory", (path) => mkdirSync(path)],
  ["a pipe", "pipe", (path) => execFileSync("/usr/bin/env", ["mkfifo", path])],
];

for (const [what, word, make] of IRREGULAR) {
  for (const name of ["bearer-sw.js", "bearer-redirect.js"]) {
    test(`init and remove refuse ${what} in place of ${name}, and change nothing`, async () => {
      make(inSite(name));
      const target = test.info().outputPath("target");
      const before = { kind: lstatSync(inSite(name)).mode, target: existsSync(target) };

      for (const args of [
        ["init"],
        ["init", "--force"],
        ["init", "--check"],
        ["remove"],
        ["remove", "--force"],
      ]) {
        expect(await runCli(...args, "site")).toEqual({
          status: 1,
          stdout: "",
          stderr: `bearer-worker: ${join("site", name)} is a ${word}, and bearer-worker reads and writes regular files only. No file was changed. Remove it or rename it, and run the command again.\n`,
        });
        expect(inside()).toEqual([name]);
        expect({ kind: lstatSync(inSite(name)).mode, target: existsSync(target) }).toEqual(before);
        if (before.target) expect(readFileSync(target, "utf8")).toBe("theirs");
      }
    });
  }
}

test("a device and a socket are no regular files", async () => {
  await expect(readRegularFile("/dev/null", 10)).rejects.toThrow("/dev/null is a device");
  // The path of a socket has about a hundred characters at most.
  const path = join("/tmp", `bearer-worker-${process.pid}-${test.info().workerIndex}.socket`);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await expect(readRegularFile(path, 10)).rejects.toThrow("is a socket");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("a file that is larger than asked for is not read, and a missing one is none", async () => {
  writeFileSync(inSite("file"), "12345");
  chmodSync(inSite("file"), 0o640);

  expect(await readRegularFile(inSite("file"), 5)).toEqual({ mode: 0o640, text: "12345" });
  expect(await readRegularFile(inSite("file"), 4)).toEqual({ mode: 0o640, text: null });
  expect(await readRegularFile(inSite("other"), 4)).toBeNull();
});

test("init renames new files into place: another name of the old file keeps its content", async () => {
  writeFileSync(inSite("bearer-sw.js"), "ours");
  chmodSync(inSite("bearer-sw.js"), 0o640);
  linkSync(inSite("bearer-sw.js"), test.info().outputPath("other-name"));

  expect((await runCli("init", "site", "--force")).status).toBe(0);

  expect(readFileSync(test.info().outputPath("other-name"), "utf8")).toBe("ours");
  expect(read("bearer-sw.js")).toContain("Written by bearer-worker");
  expect(statSync(inSite("bearer-sw.js")).mode & 0o777).toBe(0o640);
  expect(inside()).toEqual(["bearer-page.js", "bearer-redirect.html", "bearer-redirect.js", "bearer-sw.js"]);
});

/** Changes of every kind, and the site before them. */
function changes(): Change[] {
  writeFileSync(inSite("replaced"), "old");
  chmodSync(inSite("replaced"), 0o640);
  writeFileSync(inSite("deleted"), "old");
  return [
    { path: inSite("replaced"), content: "new", mode: 0o640 },
    { path: inSite("created"), content: "new", mode: null },
    { path: inSite("deleted"), content: null, mode: 0o644 },
  ];
}

/** The content of each file by its name. */
const contents = (): Record<string, string> =>
  Object.fromEntries(
    inside()
      .filter((name) => lstatSync(inSite(name)).isFile())
      .map((name) => [name, read(name)]),
  );

const BEFORE = { deleted: "old", replaced: "old" };
const AFTER = { created: "new", replaced: "new" };

test("all changes are made", async () => {
  await replaceFiles(changes());

  expect(contents()).toEqual(AFTER);
});

test("when the last change fails, the others are undone", async () => {
  const all = changes();
  mkdirSync(inSite("directory"));
  writeFileSync(inSite(join("directory", "file")), "theirs");

  // Renaming a file to a directory fails, which is after all others are in place.
  const failing = { path: inSite("directory"), content: "new", mode: null };
  await expect(replaceFiles([...all, failing])).rejects.toThrow(/directory.*\. No file was changed\.$/);

  expect(contents()).toEqual(BEFORE);
  expect(statSync(inSite("replaced")).mode & 0o777).toBe(0o640);
  expect(inside("directory")).toEqual(["file"]);
});

test("when a new file cannot be written, no other is changed", async () => {
  const failing = { path: inSite(join("nowhere", "file")), content: "new", mode: null };
  await expect(replaceFiles([...changes(), failing])).rejects.toThrow(/ENOENT.*\. No file was changed\.$/);

  expect(contents()).toEqual(BEFORE);
});

test("a link that appears at a path meanwhile is replaced and not followed", async () => {
  symlinkSync("../target", inSite("created"));

  await replaceFiles(changes());

  expect(contents()).toEqual(AFTER);
  expect(existsSync(test.info().outputPath("target"))).toBe(false);
});

test("a signal leaves all changes or none, and ends the process", async () => {
  const module = new URL("../../cli/replace-files.ts", import.meta.url).href;
  const script = `
    import { replaceFiles } from ${JSON.stringify(module)};
    const replaced = replaceFiles(${JSON.stringify(changes())});
    process.kill(process.pid, "SIGTERM");
    await replaced;
    // Keeps the process alive for the signal, which ends it: a process that ends by itself fails the test.
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  `;
  writeFileSync(test.info().outputPath("signalled.mts"), script);
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const child = spawn(process.execPath, ["--import", tsx, test.info().outputPath("signalled.mts")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once("close", (...ended) => resolve(ended)),
  );

  expect({ status, signal }).toEqual({ status: null, signal: "SIGTERM" });
  expect([BEFORE, AFTER]).toContainEqual(contents());
});

test("the name of a file neither controls the terminal nor begins a line", async () => {
  const name = "\u001b[2J\u009b31m\u007f\nsite: all files are gone\u202e.html";
  writeFileSync(inSite(name), "attachTokens()");
  mkdirSync(inSite("\u001b]0;title\u0007"));
  writeFileSync(inSite(join("\u001b]0;title\u0007", "a.js")), "attachTokens()");

  const { stdout } = await runCli("remove", "site");
  const json = await runCli("remove", "site", "--json");

  expect(stdout + json.stdout).not.toMatch(CONTROLS);
  expect(stdout).not.toMatch(/^site: all/m);
  expect(stdout).toContain("\\u001b[2J\\u009b31m\\u007f\\u000asite: all files are gone\\u202e.html:1\n");
  const { mentions } = JSON.parse(json.stdout) as { mentions: { path: string }[] };
  expect(mentions.map(({ path }) => path)).toContain(join("site", name));
});

test("an argument neither controls the terminal nor begins a line", async () => {
  const name = "\u001b[2J\u009b31m\nforged\u202e";
  for (const args of [
    [name],
    [`--${name}`],
    ["init", name],
    ["init", "site", `--${name}`],
    ["remove", name],
    ["doctor", name],
    ["doctor", "http://localhost", "--worker", `http://${name}`],
  ]) {
    const { stdout, stderr } = await runCli(...args);
    expect(stderr).toContain("\\u001b");
    expect(stdout + stderr).not.toMatch(CONTROLS);
    expect(stderr).not.toMatch(/^forged/m);
  }
  mkdirSync(inSite(name));
  const { status, stdout } = await runCli("init", join("site", name));
  expect(status).toBe(0);
  expect(stdout).not.toMatch(CONTROLS);
  expect(stdout).not.toMatch(/^forged/m);
});

test("remove follows no link in the site, and lists what it could not read", async () => {
  writeFileSync(inSite("package.json"), "{}");
  mkdirSync(test.info().outputPath("outside"));
  writeFileSync(test.info().outputPath("outside", "page.html"), "attachTokens()");
  symlinkSync("../outside", inSite("linked"));
  symlinkSync("../outside/page.html", inSite("linked.html"));
  execFileSync("/usr/bin/env", ["mkfifo", inSite("pipe.html")]);
  writeFileSync(inSite("index.html"), "attachTokens()");

  const { status, stdout } = await runCli("remove", "site", "--json");

  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    mentions: [{ path: join("site", "index.html"), line: 1 }],
    unread: [],
  });
  expect(readlinkSync(inSite("linked.html"))).toBe("../outside/page.html");
});

// Other systems allow no such names.
if (process.platform === "linux")
  test("a file whose name is no valid text is listed as unread", async () => {
    writeFileSync(
      Buffer.concat([
        Buffer.from(inSite("_")).subarray(0, -1),
        Buffer.from([0xff, 0x9b]),
        Buffer.from(".html"),
      ]),
      "",
    );

    const { status, stdout } = await runCli("remove", "site");

    expect(status).toBe(0);
    expect(stdout).toContain(`These files could not be read.`);
    expect(stdout).toContain(`  ${join("site", "\ufffd\ufffd.html")}\n`);
  });
