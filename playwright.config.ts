import { defineConfig } from "@playwright/test";
import { findChromium } from "./dev/find-chromium.mjs";

const executablePath = findChromium()?.executablePath;

export default defineConfig({
  testDir: "test",
  fullyParallel: true,
  forbidOnly: Boolean(process.env["CI"]),
  // Two browsers and two providers at once are what a small machine bears.
  workers: 2,
  timeout: 60_000,
  reporter: [["list"], ["./test/closing-line-reporter.ts"]],
  use: {
    launchOptions: {
      ...(executablePath && { executablePath }),
      // The popup blocker is part of what is tested.
      ignoreDefaultArgs: ["--disable-popup-blocking"],
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        // Chromium has no sandbox for root.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    },
  },
  projects: [
    { name: "unit", testDir: "test/unit" },
    { name: "chromium", testDir: "test/browser" },
  ],
});
