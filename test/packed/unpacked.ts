import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";
import { packProduct } from "../../dev/examples.ts";

/** The oldest and the newest supported MSAL, and the major version between them, by their names in node_modules/. */
export const MSAL_VERSIONS = {
  oldest: "msal-browser-3-oldest",
  middle: "msal-browser-4",
  newest: "@azure/msal-browser",
} as const;
export type MsalVersion = keyof typeof MSAL_VERSIONS;

/** The package as it would be published, and folders of sites that have it installed. */
export interface Packed {
  readonly tarball: Uint8Array<ArrayBuffer>;
  /** Makes an empty site outside of the repository, with the package and a version of MSAL in its node_modules. */
  siteWith: (msal: MsalVersion) => string;
}

export const test = base.extend<object, { packed: Packed }>({
  packed: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "bearer-worker-packed-"));
      const tarball = packProduct(folder);
      await use({
        tarball: new Uint8Array(readFileSync(tarball)),
        siteWith(msal) {
          const site = mkdtempSync(join(folder, `${msal}-`));
          const modules = join(site, "node_modules");
          mkdirSync(modules);
          execFileSync("tar", ["-xzf", tarball, "-C", modules]);
          renameSync(join(modules, "package"), join(modules, "bearer-worker"));
          // A copy, so that no module is resolved from the repository's own node_modules.
          for (const [name, folder] of foldersOf(msal)) {
            cpSync(folder, join(modules, name), {
              recursive: true,
              filter: (path) => !/\/(?:src|lib)$/.test(path),
            });
          }
          return site;
        },
      });
      rmSync(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
});

/** Links packages of this repository into a site: frameworks, and the libraries that a site has beside the package. */
export function link(site: string, ...names: readonly string[]): void {
  for (const name of names) {
    const link = join(site, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)), link, "junction");
  }
}

/** The folder of a version of MSAL in this repository. */
export const installed = (msal: MsalVersion): string =>
  fileURLToPath(new URL(`../../node_modules/${MSAL_VERSIONS[msal]}`, import.meta.url));

/** MSAL and msal-common, which npm installs either into MSAL's own node_modules or beside MSAL. */
function foldersOf(msal: MsalVersion): [name: string, folder: string][] {
  const folder = installed(msal);
  const hasItsOwn = existsSync(join(folder, "node_modules"));
  return [
    ["@azure/msal-browser", folder],
    ...(hasItsOwn ? [] : [["@azure/msal-common", join(folder, "../msal-common")] as [string, string]]),
  ];
}
