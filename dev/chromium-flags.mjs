// @ts-check

/**
 * Each window loads two WebUI pages of the address bar, in a process of their own: a third of the work of opening it. Each
 * profile starts a spare process for its next page, and each test has a profile.
 * Chromium reads the last `--disable-features` only, so Playwright's own list is repeated here.
 */
const DISABLED_FEATURES = [
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
  "AimEnabled",
  "AutoDeElevate",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "BlockOriginHeaderModificationOnRedirect",
  "DestroyProfileOnBrowserClose",
  "DialMediaRouteProvider",
  "GlobalMediaControls",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "SpareRendererForSitePerProcess",
  "ThirdPartyStoragePartitioning",
  "Translate",
];

/** With these flags Chromium makes no requests of its own, and starts on every machine. */
export const QUIET_CHROMIUM = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  `--disable-features=${DISABLED_FEATURES.join(",")}`,
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  // Chromium's sandbox does not work for root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
