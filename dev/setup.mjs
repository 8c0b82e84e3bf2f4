// @ts-check
// Installs the packages that a fresh clone lacks and, with --browser, the browsers of the tests. Prints nothing if all
// are there.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findChromium, findHeadlessShell } from "./find-chromium.mjs";
import { findFirefox } from "./find-firefox.mjs";
import { findWebKit } from "./find-webkit.mjs";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/**
 * A browser of the tests.
 *
 * @typedef {object} Browser
 * @property {string} name
 * @property {() => string | null} find the executable
 * @property {string} probe the argument with which it starts, and ends at once
 * @property {"all" | "its own" | "none"} neededBy the tests that cannot run without it
 * @property {string | null} download Playwright's name for it; null if Playwright cannot download it
 * @property {Record<string, string[]>} packages the packages to install, by package manager
 */

/** @type {Browser} */
const WEBKIT = {
  name: "WebKitGTK",
  neededBy: "its own",
  probe: "--help",
  find: () => findWebKit()?.driver ?? null,
  download: null,
  packages: { "apt-get": ["webkit2gtk-driver", "xvfb"] },
};

/**
 * Chromium's tests take less time in it.
 *
 * @type {Browser}
 */
const HEADLESS_SHELL = {
  name: "headless shell of Chromium",
  neededBy: "none",
  probe: "--version",
  find: () => findHeadlessShell()?.executablePath ?? null,
  download: null,
  packages: { "apt-get": ["chromium-headless-shell"] },
};

/** @type {Browser[]} */
const BROWSERS = [
  {
    name: "Chromium",
    neededBy: "all",
    probe: "--version",
    find: () => findChromium()?.executablePath ?? null,
    download: "chromium",
    packages: {
      "apt-get": ["chromium"],
      dnf: ["chromium"],
      pacman: ["chromium"],
      apk: ["chromium"],
      brew: ["--cask", "chromium"],
    },
  },
  {
    name: "Firefox",
    neededBy: "its own",
    probe: "--version",
    find: () => findFirefox()?.executablePath ?? null,
    download: "firefox",
    packages: {
      "apt-get": ["firefox-esr"],
      dnf: ["firefox"],
      pacman: ["firefox"],
      apk: ["firefox"],
      brew: ["--cask", "firefox"],
    },
  },
  // WebKitGTK exists for Linux only.
  ...(process.platform === "linux" ? [WEBKIT] : []),
  // Only a machine that runs the tests often is worth the installation.
  ...(process.env["CI"] ? [HEADLESS_SHELL] : []),
];

/** Each package manager's first command, its install command, and whether it must run as root. */
const PACKAGE_MANAGERS = [
  { name: "apt-get", update: ["update"], install: ["install", "-y"], asRoot: true },
  { name: "dnf", update: null, install: ["install", "-y"], asRoot: true },
  { name: "pacman", update: null, install: ["-Sy", "--noconfirm"], asRoot: true },
  { name: "apk", update: null, install: ["add"], asRoot: true },
  { name: "brew", update: null, install: ["install"], asRoot: false },
];

ensurePackages();
if (process.argv.includes("--browser")) BROWSERS.forEach(ensureBrowser);

function ensurePackages() {
  if (!arePackagesStale()) return;
  console.log("Installing packages (npm ci) …");
  if (!run("npm", ["ci", "--include=dev"])) fail("npm ci failed. Its messages are above.");
}

/** npm writes its own lock file into node_modules at the end of an installation. */
function arePackagesStale() {
  const wanted = `${REPOSITORY}/package-lock.json`;
  const installed = `${REPOSITORY}/node_modules/.package-lock.json`;
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs;
}

/** @param {Browser} browser */
function ensureBrowser(browser) {
  const { name, neededBy, download, packages } = browser;
  if (isThere(browser)) return;
  if (download) {
    console.log(`Installing ${name} for the tests (playwright install ${download}) …`);
    run("npx", ["playwright", "install", download]);
    if (isThere(browser)) return;
  }
  const manager = PACKAGE_MANAGERS.find(({ name }) => packages[name] && run(name, ["--version"], "ignore"));
  if (manager) {
    console.log(`Installing ${name} for the tests (${manager.name}) …`);
    if (manager.update) runAs(manager.asRoot, manager.name, manager.update);
    runAs(manager.asRoot, manager.name, [...manager.install, ...(packages[manager.name] ?? [])]);
  }
  if (isThere(browser)) return;
  const missing = `There is no ${name} for the tests.`;
  if (neededBy === "none") console.log(`${missing} They take longer without it.`);
  else if (neededBy === "its own" && !process.env["CI"])
    console.log(`${missing} Install one. Until then its tests are skipped.`);
  else fail(`${missing} Install one.`);
}

/**
 * Checks that a browser starts. A downloaded browser may lack system libraries.
 *
 * @param {Browser} browser
 */
function isThere({ find, probe }) {
  const found = look(find);
  return found !== null && (process.platform !== "linux" || run(found, [probe], "ignore"));
}

/** @param {() => string | null} find */
function look(find) {
  try {
    return find();
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
  // On Windows npm and npx are scripts, so only a shell can start them.
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
