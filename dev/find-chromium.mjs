// @ts-check
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const NAMES_ON_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** Debian's name for it. */
const HEADLESS_SHELL = "chromium-headless-shell";

/**
 * Finds a Chromium for the browser tests. Tries CHROMIUM_PATH, then an installed Chrome or Chromium, then Playwright's
 * download.
 *
 * @returns {{ executablePath: string } | null}
 * @throws Error when CHROMIUM_PATH names no file.
 */
export function findChromium() {
  const named = process.env["CHROMIUM_PATH"];
  if (named && !existsSync(named))
    throw new Error(
      "CHROMIUM_PATH names a file that does not exist. Set it to a Chromium executable, or unset it.",
    );
  const candidates = named ? [named] : [...onPath(NAMES_ON_PATH), ...inDefaultPlaces(), ...fromPlaywright()];
  const executablePath = candidates.find((candidate) => existsSync(candidate));
  return executablePath === undefined ? null : { executablePath };
}

/**
 * Finds Chromium without its windows, which opens a page for two thirds of the work. It has no popup blocker, and all of its
 * pages are visible and have the focus. CHROMIUM_PATH names the browser for all tests.
 *
 * @returns {{ executablePath: string } | null}
 */
export function findHeadlessShell() {
  if (process.env["CHROMIUM_PATH"]) return null;
  const executablePath = onPath([HEADLESS_SHELL]).find((candidate) => existsSync(candidate));
  return executablePath === undefined ? null : { executablePath };
}

/** @param {readonly string[]} names */
function onPath(names) {
  const directories = (process.env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  return names.flatMap((name) => directories.map((directory) => join(directory, name)));
}

function inDefaultPlaces() {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform !== "win32") return [];
  return ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((variable) => {
    const directory = process.env[variable];
    return directory ? [join(directory, "Google", "Chrome", "Application", "chrome.exe")] : [];
  });
}

/** Imported here only, since Playwright itself may not be installed yet. */
function fromPlaywright() {
  try {
    /** @type {typeof import("@playwright/test")} */
    const { chromium } = createRequire(import.meta.url)("@playwright/test");
    return [chromium.executablePath()];
  } catch {
    return [];
  }
}
