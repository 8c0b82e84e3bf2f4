import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Subject } from "./subject.ts";

/** The built files of this checkout. */
export const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

/** Every page of this package attaches so. */
const ATTACH = `bearerWorker.attachTokens(msal, {
      serviceWorker: "sw.js",
      protectedResourceMap: {
        "/api/health": null,
        "/api/*": ["api://orders/Data.Read"],
        "https://graph.microsoft.com/v1.0/*": ["User.Read"],
      },
    });`;

/** This package as it is built, with MSAL and the resource map of a small site. */
export const ours: Subject = { name: "bearer-worker", title: "bearer-worker", ...built(DIST) };

/**
 * The same package as another checkout has built it.
 *
 * @throws Error when the checkout has no built files
 */
export function builtBefore(checkout: string): Subject {
  const dist = resolve(checkout, "dist");
  const missing = ["bearer-sw.js", "index.js", ...PAGE_FILES].find((file) => !existsSync(join(dist, file)));
  if (missing)
    throw new Error(`--before: "${checkout}" has no dist/${missing}. Run "node build.mjs" in that checkout`);
  return { name: "bearer-worker-before", title: "bearer-worker, before", dist, ...built(dist) };
}

/** The files of `dist/` that a page without a bundler loads. */
export const PAGE_FILES = ["bearer-page.js", "bearer-redirect.html", "bearer-redirect.js"] as const;

function built(dist: string): Omit<Subject, "name" | "title"> {
  return {
    usesMsal: true,
    attaches: true,
    files: () => ({ "sw.js": readFileSync(join(dist, "bearer-sw.js"), "utf8") }),
    page: `await ${ATTACH}`,
    // Calls of fetch do not wait for the worker.
    start: ATTACH,
  };
}
