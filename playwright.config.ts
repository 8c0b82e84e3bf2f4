import { defineConfig } from "@playwright/test";
import { QUIET_CHROMIUM } from "./dev/chromium-flags.mjs";
import { findChromium, findHeadlessShell } from "./dev/find-chromium.mjs";
import { findFirefox } from "./dev/find-firefox.mjs";
import { findWebKit } from "./dev/find-webkit.mjs";

/** @param found a browser; Playwright's own without one */
const launchChromium = (found: { readonly executablePath: string } | null) => ({
  ...found,
  // The popup blocker is part of what is tested.
  ignoreDefaultArgs: ["--disable-popup-blocking"],
  args: QUIET_CHROMIUM,
});
/** The tag of tests for which the browser needs windows: they block popups, and take the focus from each other. */
const NEEDS_WINDOWS = /@windows/;
const firefox = findFirefox();
const isCI = Boolean(process.env["CI"]);

export default defineConfig({
  testDir: "test",
  fullyParallel: true,
  forbidOnly: isCI,
  // Browsers stall now and then on a machine that does other things. The report lists tests that needed the second try.
  retries: isCI ? 1 : 0,
  // Many tests wait for a clock: three of them leave two cores idle for half of the time, and five do not.
  workers: 5,
  timeout: 60_000,
  // A deadline, which a small machine under load needs. Tests that pass do not wait for it.
  expect: { timeout: 15_000 },
  reporter: [["list"], ["./test/closing-line-reporter.ts"]],
  use: { launchOptions: launchChromium(findChromium()) },
  projects: [
    { name: "unit", testMatch: ["unit/**/*.spec.ts", "worker/**/*.spec.ts", "packed/**/*.spec.ts"] },
    {
      name: "chromium",
      testMatch: ["browser/**/*.spec.ts", "engines/**/*.spec.ts", "soak/soak.spec.ts"],
      grepInvert: NEEDS_WINDOWS,
      use: { launchOptions: launchChromium(findHeadlessShell() ?? findChromium()) },
    },
    {
      name: "windows",
      testMatch: "browser/**/*.spec.ts",
      grep: NEEDS_WINDOWS,
    },
    // Sites of frameworks, each installed and built once.
    { name: "apps", testMatch: "apps/**/*.spec.ts" },
    // A browser that is not installed is left out, except in CI.
    ...(firefox || isCI
      ? [
          {
            name: "firefox",
            testMatch: ["engines/**/*.spec.ts", "firefox/**/*.spec.ts"],
            use: { browserName: "firefox" as const, launchOptions: firefox ?? {} },
          },
        ]
      : []),
    // WebKitGTK and its WebDriver exist for Linux alone.
    ...(findWebKit() || (isCI && process.platform === "linux")
      ? [{ name: "webkit", testMatch: "engines/**/*.spec.ts" }]
      : []),
    { name: "transparency", testMatch: "transparency/**/*.spec.ts" },
    // `npm test` leaves out the tests that wait for minutes of a browser's clock. `npm run soak` runs them.
    ...(process.env["npm_lifecycle_event"] === "minutes"
      ? [
          {
            name: "minutes",
            testMatch: firefox || isCI ? "soak/minutes.spec.ts" : [],
            use: { browserName: "firefox" as const, launchOptions: firefox ?? {} },
          },
        ]
      : []),
  ],
});
