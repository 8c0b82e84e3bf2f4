// @ts-check
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ driver: string, browser: string, display: string }} WebKit */

/**
 * Finds WebKitGTK for the tests: its WebDriver, its MiniBrowser, and a virtual display to show it on.
 *
 * @returns {WebKit | null}
 */
export function findWebKit() {
  const driver = firstThatExists(["/usr/bin/WebKitWebDriver"]);
  const display = firstThatExists(["/usr/bin/Xvfb"]);
  const browser = firstThatExists(libraries().map((directory) => join(directory, "MiniBrowser")));
  return driver && display && browser ? { driver, browser, display } : null;
}

/** Distributions keep the MiniBrowser with WebKit's other programs, below a directory of the machine's kind. */
function libraries() {
  const roots = ["/usr/lib", "/usr/libexec", "/usr/lib64"].filter((root) => existsSync(root));
  const nested = roots.flatMap((root) =>
    readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.includes("-linux-"))
      .map(({ name }) => join(root, name)),
  );
  return [...roots, ...nested].map((root) => join(root, "webkit2gtk-4.1"));
}

/** @param {string[]} paths */
function firstThatExists(paths) {
  return paths.find((path) => existsSync(path));
}
