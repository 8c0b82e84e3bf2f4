import { posix } from "node:path";
import { folderOf, type Import } from "./import-graph.ts";

export const PRODUCT = ["cli", "inspector", "integrations", "page", "pipeline", "protocol", "sw", "testing"];
export const isProduct = (path: string): boolean => PRODUCT.includes(folderOf(path));

/** The folders and packages that each folder of the product imports from. */
const REALMS: Readonly<Record<string, { values: readonly string[]; types?: readonly string[] }>> = {
  cli: { values: ["cli", "protocol", "parse5", "@babel/parser"] },
  inspector: { values: ["inspector"], types: ["page", "protocol"] },
  // Like the test kit, each file uses the package as a site does, and the framework that it is named after.
  integrations: {
    values: ["bearer-worker", "react", "@angular/core"],
    types: ["@azure/msal-browser", "vite", "oidc-client-ts", "keycloak-js"],
  },
  page: { values: ["page", "pipeline", "protocol", "workbox-window", "@azure/msal-browser"] },
  pipeline: { values: ["pipeline", "protocol"] },
  protocol: { values: ["protocol"] },
  sw: { values: ["sw", "pipeline", "protocol", "workbox-routing"] },
  // It uses the package as a site does.
  testing: { values: ["testing", "bearer-worker"] },
};

/** Imports of the product that leave their realm, and imports of a package outside the files that own it. */
export const strayImports = (imports: readonly Import[]): string[] =>
  imports
    .filter(({ from }) => isProduct(from))
    .filter((found) => leavesRealm(found) || isForeignToFile(found))
    .map(({ from, to }) => `${from} imports ${to}`);

function leavesRealm({ from, to, isType }: Import): boolean {
  const { values = [], types = [] } = REALMS[folderOf(from)] ?? {};
  const realm = to.startsWith("@") ? to : folderOf(to);
  return !values.includes(realm) && !(isType && types.includes(realm));
}

const isForeignToFile = ({ from, to, isType }: Import): boolean =>
  (to === "parse5" && from !== "cli/html.ts") ||
  (to === "@babel/parser" && from !== "cli/project/configuration-file.ts") ||
  (folderOf(from) === "integrations" &&
    !["bearer-worker", "@azure/msal-browser"].includes(to) &&
    !from.endsWith(`/${frameworkOf(to)}.ts`)) ||
  (to === "workbox-window" && from !== "page/worker/registration.ts") ||
  (to === "@azure/msal-browser" &&
    !from.startsWith("page/msal/") &&
    !SCRIPTS_WITH_MSAL.includes(from) &&
    !(
      isType &&
      (["page/attach-tokens.ts", "page/configuration.ts"].includes(from) || folderOf(from) === "integrations")
    ));

/** `@angular/core` is Angular's. */
const frameworkOf = (name: string): string => name.replace(/^@(\w+)\/core$/, "$1");

/** Classic scripts that bring MSAL along. */
const SCRIPTS_WITH_MSAL = ["page/bearer-page.ts", "page/bearer-redirect.ts"];

/** A file has the name of its subject. These words name a time or a person, or fit any subject. */
const EMPTY_WORDS =
  /^(?:late|later|early|soon|now|then|when|meanwhile|who|whom|whose|whoever|nobody|somebody|anybody|everybody|someone|anyone|everyone|utils?|helpers?|common|misc|managers?|services?)$/;
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** The texts of the dialog: a file has the name of its language. */
const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[A-Z][A-Za-z]+)*$/;

/** Files of the product whose path has a name that says nothing, or is not in kebab-case. */
export const misnamed = (paths: readonly string[]): string[] =>
  paths.filter(isProduct).filter((path) => {
    const folders = posix.dirname(path).split("/");
    const name = posix.basename(path).replace(/(?:\.d)?\.\w+$/, "");
    const isLanguage = folders.at(-1) === "texts" && LANGUAGE_TAG.test(name);
    return [...folders, name].some(
      (part) => (!KEBAB_CASE.test(part) && !(isLanguage && part === name)) || saysNothing(part),
    );
  });

/** "service-worker" is the name of a thing. */
const saysNothing = (part: string): boolean =>
  part
    .replace("service-worker", "worker")
    .split("-")
    .some((word) => EMPTY_WORDS.test(word));

const PAGE_FOLDERS = ["worker", "acquisition", "interaction", "msal", "fetch"];
const PAGE_FILES = [
  "attach-tokens.ts",
  "attached-source.ts",
  "attachment-events.ts",
  "bearer-page.ts",
  "bearer-redirect.html",
  "bearer-redirect.ts",
  "configuration.ts",
  "css.d.ts",
  "index.ts",
  "lazily.ts",
  "options.ts",
  "protected-entries.ts",
  "token-attachment.ts",
  "token-source.ts",
  "tsconfig.json",
];

/** Files of the page that are in none of its folders, without a part in the composition of the page. */
export const misplacedInPage = (paths: readonly string[]): string[] =>
  paths.filter((path) => {
    const [room, first = "", ...rest] = path.split("/");
    return room === "page" && !(rest.length ? PAGE_FOLDERS : PAGE_FILES).includes(first);
  });

const BUILD_LINES = 135;
/** Shortened properties, transformations that change behaviour, and edits of a dependency's source. */
const BUILD_TRICKS = ["mangleProps", "unsafe", "pure_getters", "UNREACHED", "MEANINGLESS"];

/** The build's breaches: too many lines, or a trick. */
export function buildBreaches(script: string): string[] {
  const lines = script.trimEnd().split("\n").length;
  return [
    ...(lines > BUILD_LINES ? [`${lines} lines`] : []),
    ...BUILD_TRICKS.filter((trick) => script.includes(trick)),
  ];
}
