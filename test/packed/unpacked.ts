import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";
import { packProduct } from "../../dev/examples.ts";

/** The ends of the range of MSAL versions that the package works with, by their names in node_modules/. */
export const MSAL_VERSIONS = { oldest: "msal-browser-oldest", newest: "@azure/msal-browser" } as const;
export type MsalVersion = keyof typeof MSAL_VERSIONS;

/** The package as it would be published, and folders of sites that have it installed. */
export interface Packed {
  readonly tarball: Uint8Array<ArrayBuffer>;
  /** An empty site outside of the repository, with the package and a version of MSAL in its node_modules. */
  siteWith: (msal: MsalVersion) => string;
}

export const test = base.extend<object, { packed: Packed }>({
  packed: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "bearer-worker-packed-"));
      const tarball = packProduct(folder);
      await use({
        tarball: new Uint8Array(readFileSync(tarball)),
        siteWith(msal) {
          const site = mkdtempSync(join(folder, `${msal}-`));
          const modules = join(site, "node_modules");
          mkdirSync(join(modules, "@azure"), { recursive: true });
          execFileSync("tar", ["-xzf", tarball, "-C", modules]);
          renameSync(join(modules, "package"), join(modules, "bearer-worker"));
          symlinkSync(installed(msal), join(modules, "@azure/msal-browser"), "junction");
          return site;
        },
      });
      rmSync(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
});

/** The folder of a version of MSAL in this repository. */
export const installed = (msal: MsalVersion): string =>
  fileURLToPath(new URL(`../../node_modules/${MSAL_VERSIONS[msal]}`, import.meta.url));
