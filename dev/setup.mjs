// @ts-check
// Installs what a fresh clone lacks: the packages and, with --browser, a Chromium. Says nothing when all is there.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findChromium } from "./find-chromium.mjs";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** How each package manager installs Chromium, and whether it has to be root for that. */
const PACKAGE_MANAGERS = [
  { name: "apt-get", commands: [["update"], ["install", "-y", "chromium"]], asRoot: true },
  { name: "dnf", commands: [["install", "-y", "chromium"]], asRoot: true },
  { name: "pacman", commands: [["-Sy", "--noconfirm", "chromium"]], asRoot: true },
  { name: "apk", commands: [["add", "chromium"]], asRoot: true },
  { name: "brew", commands: [["install", "--cask", "chromium"]], asRoot: false },
];

ensurePackages();
if (process.argv.includes("--browser")) ensureBrowser();

function ensurePackages() {
  if (!arePackagesStale()) return;
  console.log("Installing packages (npm ci) …");
  if (!run("npm", ["ci", "--include=dev"])) fail("npm ci failed: see its messages above");
}

/** npm writes its own lock file into node_modules as the last thing it does. */
function arePackagesStale() {
  const wanted = `${REPOSITORY}/package-lock.json`;
  const installed = `${REPOSITORY}/node_modules/.package-lock.json`;
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs;
}

function ensureBrowser() {
  if (hasBrowser()) return;
  console.log("Installing Chromium for the tests (playwright install chromium) …");
  run("npx", ["playwright", "install", "chromium"]);
  if (hasBrowser()) return;

  const manager = PACKAGE_MANAGERS.find(({ name }) => run(name, ["--version"], "ignore"));
  if (manager) {
    console.log(`Installing Chromium for the tests (${manager.name}) …`);
    manager.commands.every((args) => runAs(manager.asRoot, manager.name, args));
  }
  if (!hasBrowser())
    fail("There is no Chromium for the tests: install one, or set CHROMIUM_PATH to its executable.");
}

/** A download can be there and still not start, for want of system libraries. */
function hasBrowser() {
  const found = lookForChromium();
  return (
    found !== null && (process.platform !== "linux" || run(found.executablePath, ["--version"], "ignore"))
  );
}

function lookForChromium() {
  try {
    return findChromium();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {boolean} asRoot
 * @param {string} command
 * @param {string[]} args
 */
function runAs(asRoot, command, args) {
  const needsSudo = asRoot && process.getuid?.() !== 0;
  return needsSudo ? run("sudo", [command, ...args]) : run(command, args);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {"inherit" | "ignore"} [stdio]
 */
function run(command, args, stdio = "inherit") {
  // npm and npx are scripts on Windows, which only a shell can start.
  const shell = process.platform === "win32";
  return spawnSync(command, args, { cwd: REPOSITORY, stdio, shell }).status === 0;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
