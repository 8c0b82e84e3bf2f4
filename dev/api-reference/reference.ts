import { readFileSync } from "node:fs";
import { format } from "prettier";
import { type Declaration, exportedDeclarations } from "./declarations.ts";
import type { DocComment } from "./doc-comment.ts";

/** The fixed parts of the page; the docstrings are the rest. */
const ENTRIES = [
  {
    specifier: "bearer-worker",
    realm: "page",
    file: "page/index.ts",
    about:
      "For the page, as a module. `bearer-page.js` has the same, and MSAL's `PublicClientApplication`, `InteractionRequiredAuthError`, `EventType`, `LogLevel` and `ProtocolMode`, on the global `bearerWorker`.",
  },
  {
    specifier: "bearer-worker/sw",
    realm: "sw",
    file: "sw/index.ts",
    about:
      'For a service worker of the site\'s own, as a module. After `importScripts("/bearer-sw.js")` the global `bearerWorker` has `registerTokenRoute` and `authorizeFetch`.',
  },
  {
    specifier: "bearer-worker/inspector",
    realm: "inspector",
    file: "inspector/index.ts",
    about: "For developers. It defines the element; `bearer-inspector.js` does as well, as a script.",
  },
  {
    specifier: "bearer-worker/testing",
    realm: "testing",
    file: "testing/index.ts",
    about:
      "For tests of a site, without an identity provider. The [recipe](recipes.md#tests-without-an-identity-provider) shows it in use.",
  },
  {
    specifier: "bearer-worker/vite",
    realm: "integrations",
    file: "integrations/vite.ts",
    about:
      "For Vite's configuration, in place of the command `init`. The [recipe](integrations.md#vite) shows it in use.",
  },
  {
    specifier: "bearer-worker/react",
    realm: "integrations",
    file: "integrations/react.ts",
    about: "For React 16.8 or later. The [recipe](integrations.md#react) shows it in use.",
  },
  {
    specifier: "bearer-worker/angular",
    realm: "integrations",
    file: "integrations/angular.ts",
    about: "For Angular 17 or later. The [recipe](integrations.md#angular) shows it in use.",
  },
  {
    specifier: "bearer-worker/oidc-client-ts",
    realm: "integrations",
    file: "integrations/oidc-client-ts.ts",
    about: "For oidc-client-ts 3 or later. The [recipe](integrations.md#oidc-client-ts) shows it in use.",
  },
  {
    specifier: "bearer-worker/keycloak-js",
    realm: "integrations",
    file: "integrations/keycloak-js.ts",
    about:
      "For Keycloak's adapter, version 26 or later. The [recipe](integrations.md#keycloak) shows it in use.",
  },
];

/** The reference of everything that the package exports, made from the docstrings, as Markdown. */
export async function apiReference(): Promise<string> {
  const seen = new Set<string>();
  const sections = ENTRIES.map(({ specifier, realm, file, about }) => {
    const declarations = exportedDeclarations(realm, file);
    const own = declarations.filter(({ name }) => !seen.has(name));
    const shared = declarations
      .filter(({ name }) => seen.has(name))
      .map(({ name }) => `[\`${name}\`](#${anchorOf(name)})`);
    for (const { name } of own) seen.add(name);
    return [
      `## \`${specifier}\``,
      about,
      ...(shared.length > 0 ? [`It exports ${shared.join(", ")} as well.`] : []),
      ...own.sort(byKind).map(section),
    ].join("\n\n");
  });
  const text = ["# API reference", INTRODUCTION, ...sections].join("\n\n");
  return await format(text, { parser: "markdown", printWidth: 110 });
}

const INTRODUCTION =
  "Everything that the package exports, made from the docstrings in its source by `npm run docs`. The [README](../README.md) has what most sites need; [getting started](getting-started.md) and the [recipes](recipes.md) show it in use.";

/** Sorts functions and classes before types, and each group by name. */
const byKind = (a: Declaration, b: Declaration): number => rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
const rank = ({ signatures: [signature = ""] }: Declaration): number =>
  ["function", "class"].findIndex((kind) => signature.startsWith(kind)) + 1 || 3;

function section({ name, signatures, doc, members }: Declaration): string {
  const code = signatures.map((signature) => `${signature};`).join("\n");
  return [
    `### ${name}`,
    // The declaration of an interface is shown only if it extends another: its name is in the heading.
    code === `interface ${name};` ? "" : "```ts\n" + code + "\n```",
    linked(doc.text),
    ...tagsOf(doc),
    members.map(item).join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function item({ name, signatures, doc }: Declaration): string {
  const shown = isCode(name)
    ? [linkTo(name.slice(1, -1))]
    : signatures.map((signature) => `\`${inLine(signature)}\``);
  const said = [linked(doc.text), ...tagsOf(doc)].filter(Boolean).map(oneLine).join(" ");
  return `- ${shown.join(", ")}${said ? `: ${said}` : ""}`;
}

function tagsOf({ tags }: DocComment): string[] {
  return tags.map(({ name, text }) => {
    switch (name) {
      case "param": {
        const [, parameter, about] = /^(\S+)\s+([^]*)$/.exec(text) ?? [];
        return `\`${parameter}\`: ${linked(about ?? "")}.`;
      }
      case "returns":
        return `Returns ${linked(text)}.`;
      case "throws":
        return `Throws ${linked(text.replace(/^BearerWorkerError/, "`BearerWorkerError`"))}${/[.:]$/.test(text) ? "" : "."}`;
      case "see":
        return `See ${text.startsWith("http") ? `<${text}>` : `[${text}](../${text})`}.`;
      default:
        throw new Error(`@${name} has no place in the reference`);
    }
  });
}

const CODES = new Set(
  [
    ...readFileSync(new URL("../../protocol/errors.ts", import.meta.url), "utf8").matchAll(/\|\s*"(\w+)"/g),
  ].map(([, code]) => code),
);
const isCode = (name: string): boolean => CODES.has(name.slice(1, -1));
const linkTo = (code: string): string => `[\`${code}\`](troubleshooting.md#${code})`;

/** Links the names of error codes to their explanation. */
const linked = (text: string): string =>
  text.replace(/`(\w+)`/g, (shown, name: string) => (CODES.has(name) ? linkTo(name) : shown));

/** Joins the lines of a declaration that Prettier has spread over several. */
const inLine = (signature: string): string =>
  oneLine(signature.replace(/^(?:(?:readonly|override|declare|async) )+/, ""))
    .replaceAll("( ", "(")
    .replaceAll(/,? \)/g, ")")
    .replace(": | ", ": ");

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
const anchorOf = (name: string): string => name.toLowerCase();
