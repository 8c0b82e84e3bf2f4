// @ts-check
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const NAMES_ON_PATH = ["firefox-esr", "firefox"];

/**
 * Finds a Firefox for the tests and the channel by which Playwright drives it. Tries FIREFOX_PATH, then an installed
 * Firefox, both by WebDriver BiDi, then the patched one that Playwright has downloaded.
 *
 * @returns {{ executablePath: string, channel?: string } | null}
 * @throws Error when FIREFOX_PATH names no file.
 */
export function findFirefox() {
  const named = process.env["FIREFOX_PATH"];
  if (named && !existsSync(named))
    throw new Error(
      "FIREFOX_PATH names a file that does not exist. Set it to a Firefox executable, or unset it.",
    );
  const stock = (named ? [named] : [...onPath(), ...inDefaultPlaces()]).find((path) => existsSync(path));
  if (stock !== undefined) return { executablePath: stock, channel: "moz-firefox" };
  const patched = fromPlaywright().find((path) => existsSync(path));
  return patched === undefined ? null : { executablePath: patched };
}

function onPath() {
  const directories = (process.env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  return NAMES_ON_PATH.flatMap((name) => directories.map((directory) => join(directory, name)));
}

function inDefaultPlaces() {
  if (process.platform === "darwin") return ["/Applications/Firefox.app/Contents/MacOS/firefox"];
  if (process.platform !== "win32") return [];
  return ["PROGRAMFILES", "PROGRAMFILES(X86)"].flatMap((variable) => {
    const directory = process.env[variable];
    return directory ? [join(directory, "Mozilla Firefox", "firefox.exe")] : [];
  });
}

/** Imported here only, since Playwright itself may not be installed yet. */
function fromPlaywright() {
  try {
    /** @type {typeof import("@playwright/test")} */
    const { firefox } = createRequire(import.meta.url)("@playwright/test");
    return [firefox.executablePath()];
  } catch {
    return [];
  }
}
