// @ts-check

/** With these Chromium asks nobody for anything by itself, and starts on every machine. */
export const QUIET_CHROMIUM = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  // Chromium has no sandbox for root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
