import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "@playwright/test";
import { buildBreaches, misnamed, misplacedInPage, PRODUCT, strayImports } from "./architecture-rules.ts";
import { circlesIn, importsOf, longestPathIn } from "./import-graph.ts";
import { repository } from "./tracked-files.ts";

type Row = readonly [file: string, statement: string];

const STRAY: readonly Row[] = [
  ["sw/respond.ts", 'import { options } from "../page/options.ts";'],
  ["sw/respond.ts", 'import type { Workbox } from "workbox-window";'],
  ["page/fetch/attach-in-page.ts", 'import { tokens } from "../../sw/tokens.ts";'],
  ["page/options.ts", 'const sw = import("workbox-routing");'],
  ["pipeline/authorize.ts", 'import type { Tokens } from "../sw/tokens.ts";'],
  ["pipeline/authorize.ts", 'import type { Configuration } from "@azure/msal-browser";'],
  ["protocol/messages.ts", 'import type { Clock } from "../pipeline/clock.ts";'],
  ["inspector/panel.ts", 'import { options } from "../page/options.ts";'],
  ["inspector/panel.ts", 'import { type Message, read } from "../protocol/messages.ts";'],
  ["inspector/panel.ts", 'import type { Tokens } from "../sw/tokens.ts";'],
  ["cli/init.ts", 'import { options } from "../page/options.ts";'],
  ["cli/init.ts", 'import { parse } from "parse5";'],
  ["page/options.ts", 'import { parse } from "parse5";'],
  ["cli/init.ts", 'import { parse } from "@babel/parser";'],
  ["testing/index.ts", 'import { options } from "../page/options.ts";'],
  ["testing/index.ts", 'import type { Configuration } from "@azure/msal-browser";'],
  ["integrations/vite.ts", 'import { options } from "../page/options.ts";'],
  ["page/options.ts", 'import type { TestTokenSource } from "../testing/index.ts";'],
  ...["dev", "test", "bench", "examples"].flatMap((folder) =>
    PRODUCT.map((room) => [`${room}/a.ts`, `import type { ${folder} } from "../${folder}/a.ts";`] as const),
  ),
  ["page/worker/connection.ts", 'import { Workbox } from "workbox-window";'],
  ["page/options.ts", 'import type { Configuration } from "@azure/msal-browser";'],
  ["page/attach-tokens.ts", 'import { EventType } from "@azure/msal-browser";'],
];

const WITHIN: readonly Row[] = [
  ["sw/register-token-route.ts", 'import { Route } from "workbox-routing/Route.js";'],
  ["sw/respond.ts", 'import { authorize } from "../pipeline/authorize.ts";'],
  ["page/worker/registration.ts", 'import { Workbox } from "workbox-window";'],
  ["page/msal/popup.ts", 'import { EventType } from "@azure/msal-browser";'],
  ["page/attach-tokens.ts", 'import type { Configuration } from "@azure/msal-browser";'],
  ["inspector/panel.ts", 'import type { TokenAttachment } from "../page/token-attachment.ts";'],
  ["inspector/panel.ts", 'import { type A, type B } from "../protocol/messages.ts";'],
  ["cli/html.ts", 'import { parse } from "parse5";'],
  ["cli/project/configuration-file.ts", 'import { parse } from "@babel/parser";'],
  ["testing/index.ts", 'import { BearerWorkerError } from "bearer-worker";'],
  ["integrations/vite.ts", 'import type { Plugin } from "vite";'],
  ["integrations/vite.ts", 'import { attachTokens } from "bearer-worker";'],
  ["cli/init.ts", 'import { readFile } from "node:fs/promises";'],
];

test("a circle of imports is found, and named file by file", () => {
  const circle = [
    ...importsOf("page/a.ts", 'import type { B } from "./b/b.ts";\nimport { d } from "./d.ts";\n'),
    ...importsOf("page/b/b.ts", 'const c = await import("../c.ts");\n'),
    ...importsOf("page/c.ts", 'export {\n  type A,\n  a,\n} from "./a.ts";\n'),
  ];
  expect(circlesIn(circle)).toEqual(["page/a.ts -> page/b/b.ts -> page/c.ts -> page/a.ts"]);
  expect(circlesIn(circle.slice(0, -1))).toEqual([]);
  expect(circlesIn(importsOf("page/a.ts", 'import "./a.ts";\n'))).toEqual(["page/a.ts -> page/a.ts"]);
});

test("an import in a comment, a string or a template is none", () => {
  const source = `
// import { a } from "./a.ts";
/*
import { b } from "./b.ts";
*/
const text = 'import("./c.ts")';
const page = \`
import { d } from "./d.ts";
\${text ? \`import("./e.ts")\` : "}"}\`;
const quotes = /["'\`]/;
const f = import("./f.ts"); // import("./g.ts")
`;
  expect(importsOf("sw/sw.ts", source).map(({ to }) => to)).toEqual(["sw/f.ts"]);
});

test("an import that leaves its realm, or takes a package from its owner, is found", () => {
  for (const [from, statement] of STRAY) {
    expect(strayImports(importsOf(from, statement)), `${from}: ${statement}`).toHaveLength(1);
  }
});

test("an import within its realm passes", () => {
  for (const [from, statement] of WITHIN) {
    expect(strayImports(importsOf(from, statement)), `${from}: ${statement}`).toEqual([]);
  }
});

test("the linter finds the same stray imports while one writes", () => {
  const folder = test.info().outputPath("linted");
  const lines = new Map<string, { statement: string; isStray: boolean }[]>();
  for (const [from, statement] of [...STRAY, ...WITHIN]) {
    // The linter has no rule for `cli/`, and does not look at `import()`.
    if (from.startsWith("cli/") || statement.includes("import(")) continue;
    const isStray = STRAY.some(([file, text]) => file === from && text === statement);
    lines.set(from, [...(lines.get(from) ?? []), { statement, isStray }]);
  }
  mkdirSync(folder, { recursive: true });
  copyFileSync(posix.join(repository, ".oxlintrc.json"), posix.join(folder, ".oxlintrc.json"));
  for (const [from, found] of lines) {
    mkdirSync(posix.join(folder, posix.dirname(from)), { recursive: true });
    writeFileSync(posix.join(folder, from), found.map(({ statement }) => statement).join("\n"));
  }
  const linter = posix.join(repository, "node_modules/oxlint/bin/oxlint");
  const { stdout } = spawnSync(process.execPath, [linter, "--format=unix", "--no-ignore", ...lines.keys()], {
    cwd: folder,
    encoding: "utf8",
  });

  const expected = [...lines].flatMap(([from, found]) =>
    found.flatMap(({ isStray }, i) => (isStray ? [`${from}:${i + 1}`] : [])),
  );
  const reported = [...stdout.matchAll(/^(\S+:\d+):\d+: .*no-restricted-imports/gm)].map(
    ([, place = ""]) => place,
  );
  expect(reported.sort()).toEqual(expected.sort());
});

test("the longest import path counts types, and neither import() nor other folders", () => {
  const imports = [
    ...importsOf("sw/a.ts", 'import type { B } from "./b.ts";\nimport { c } from "./c.ts";\n'),
    ...importsOf("sw/b.ts", 'import { c } from "./c.ts";\n'),
    ...importsOf("sw/c.ts", 'import("./d.ts");\nimport { e } from "../protocol/e.ts";\n'),
    ...importsOf("sw/d.ts", 'import { e } from "./e.ts";\n'),
  ];
  expect(longestPathIn("sw", imports)).toEqual(["sw/a.ts", "sw/b.ts", "sw/c.ts"]);
  expect(longestPathIn("page", imports)).toEqual([]);
});

test("a name that says nothing, or is not in kebab-case, is found", () => {
  const bad = [
    "page/later.ts",
    "page/fetch/too-early.ts",
    "sw/who-asks.ts",
    "sw/nobody.ts",
    "pipeline/utils.ts",
    "page/helpers/text.ts",
    "page/token-manager.ts",
    "page/token_source.ts",
    "page/worker/readChallenge.ts",
    "page/interaction/pt-PT.ts",
  ];
  const good = [
    "page/interaction/dialog/texts/pt-PT.ts",
    "page/worker/service-worker.ts",
    "page/css.d.ts",
    "sw/ask-page.ts",
    "test/unit/helpers.ts",
  ];
  expect(misnamed([...bad, ...good])).toEqual(bad);
});

test("a file of the page in a sixth folder or beside the folders is found", () => {
  const bad = ["page/dialog.ts", "page/dialog/dialog.ts", "page/msal.ts"];
  const good = ["page/index.ts", "page/interaction/dialog/dialog.ts", "page/msal/popup.ts", "sw/tokens.ts"];
  expect(misplacedInPage([...bad, ...good])).toEqual(bad);
});

test("a build that is long or uses a trick is found", () => {
  expect(buildBreaches("build();\n".repeat(135))).toEqual([]);
  expect(buildBreaches("build();\n".repeat(136))).toEqual(["136 lines"]);
  expect(buildBreaches("build({ mangleProps: /^_/ }); minify({ compress: { unsafe: true } })")).toEqual([
    "mangleProps",
    "unsafe",
  ]);
  expect(buildBreaches("const UNREACHED = {}, MEANINGLESS = []; pure_getters: true")).toHaveLength(3);
});
