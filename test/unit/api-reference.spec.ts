import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { apiReference } from "../../dev/api-reference/reference.ts";
import { read } from "./import-graph.ts";
import { tracked } from "./tracked-files.ts";

const committed = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");

test("the API reference is up to date with the docstrings (npm run docs)", async () => {
  expect(committed).toBe(await apiReference());
});

test("every export of an integration has a heading in the API reference", () => {
  const files = tracked.filter((path) => /^integrations\/.*\.ts$/.test(path));
  const exported = files.flatMap((path) =>
    [...read(path).matchAll(/^export (?:async )?(?:function|class|const|interface|type) (\w+)/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(exported.length).toBeGreaterThanOrEqual(files.length);
  for (const name of exported) expect(committed).toContain(`\n### ${name}\n`);
});

test("every export of a module has a heading in the API reference", async () => {
  for (const entry of ["page/index.ts", "sw/index.ts", "inspector/index.ts", "testing/index.ts"]) {
    const source = readFileSync(new URL(`../../${entry}`, import.meta.url), "utf8");
    const names = [...source.matchAll(/\{([^}]+)\}/g)].flatMap(([, list = ""]) =>
      list
        .split(",")
        .map((name) => name.replace("type ", "").trim())
        .filter(Boolean),
    );
    expect(names.length, entry).toBeGreaterThan(0);
    for (const name of names) expect(committed, entry).toContain(`\n### ${name}\n`);
  }
});
