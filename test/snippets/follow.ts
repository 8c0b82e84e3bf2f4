import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MsalAuth } from "../../dev/identity-provider/tenant.ts";
import { pathOf, type Snippet } from "./snippets.ts";

/** A placeholder as it stands in the documentation, and what stands for it. */
type Replacement = readonly [placeholder: string, replacement: string];

/** The replacements in files: the local provider has no https, so its addresses are given along. */
export const inFiles = ({ clientId, authority, ...addresses }: MsalAuth): Replacement[] => [
  ["<client id>", clientId],
  [
    '"https://login.microsoftonline.com/<tenant id>"',
    `${JSON.stringify(authority)}, ${JSON.stringify(addresses).slice(1, -1)}`,
  ],
  ["<client id of the api>/", "orders/"],
];

/** The replacements in commands: the packed product, and the versions of packages that this repository works with. */
export function inCommands(tarball: string): Replacement[] {
  const { devDependencies } = JSON.parse(readFileSync(pathOf("package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const pinned = ["@azure/msal-browser", "esbuild"].map((name): Replacement => [
    ` ${name}`,
    ` ${name}@${devDependencies[name]}`,
  ]);
  return [
    ["npm install bearer-worker", `npm install --prefer-offline --no-audit --no-fund ${tarball}`],
    ["npx bearer-worker", `npx --yes --prefer-offline --package=${tarball} bearer-worker`],
    ...pinned,
  ];
}

const replaced = (text: string, replacements: readonly Replacement[]): string =>
  replacements.reduce((result, [placeholder, value]) => result.replaceAll(placeholder, value), text);

/** Does in an empty folder what the snippets say: writes the files that they name, and runs the commands, in order. */
export function follow(
  snippets: readonly Snippet[],
  folder: string,
  files: readonly Replacement[],
  commands: readonly Replacement[],
): void {
  for (const { language, file, code, place } of snippets) {
    if (file) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), replaced(code, files));
    } else if (language === "sh") {
      for (const command of code.trim().split("\n")) run(replaced(command, commands), folder, place);
    }
  }
}

function run(command: string, folder: string, place: string): void {
  const { status, stdout, stderr } = spawnSync(command, { cwd: folder, shell: true, encoding: "utf8" });
  if (status !== 0) throw new Error(`${place}: ${command} failed:\n${stdout}${stderr}`);
}
