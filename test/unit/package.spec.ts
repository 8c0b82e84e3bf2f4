import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { exampleNames } from "../../dev/examples.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const weigh = (file: string): number => brotliCompressSync(read(`dist/${file}`)).length;

test("the README and the inspector's page give the sizes of the built files", () => {
  const [, worker, page, later] =
    /(\d+) kB for the worker, (\d+) kB for the page and (\d+) kB more/.exec(
      read("README.md").replaceAll(/\s+/g, " "),
    ) ?? [];
  const [, closed] =
    /Closed, it costs nothing: it is a button of (\d) kB/.exec(read("docs/inspector.md")) ?? [];
  // Language files of the dialog do not count: a page loads at most one, of a third of a kilobyte.
  const isLanguage = (name: string) => /popupBlocked:"/.test(read(`dist/${name}`)) && weigh(name) < 400;
  const modules = readdirSync(new URL("dist", root)).filter(
    (name) => /^index-.*\.js$/.test(name) && !isLanguage(name),
  );
  const imported = modules.filter((name) => read("dist/index.js").includes(`from"./${name}"`));
  const sum = (names: string[]) => names.map(weigh).reduce((total, weight) => total + weight, 0);

  expect(Math.round(weigh("bearer-sw.js") / 1024)).toBe(Number(worker));
  expect(Math.round(sum(["index.js", ...imported]) / 1024)).toBe(Number(page));
  expect(Math.round(sum(modules.filter((name) => !imported.includes(name))) / 1024)).toBe(Number(later));
  expect(Math.round(weigh("inspector.js") / 1024)).toBe(Number(closed));
});

test("every file that package.json names is built", () => {
  const { exports, bin } = JSON.parse(read("package.json")) as {
    exports: object;
    bin: Record<string, string>;
  };
  const files = [...JSON.stringify(exports).matchAll(/"\.\/(dist\/[^"]+)"/g)].map(([, file]) => file ?? "");
  for (const file of [...files, ...Object.values(bin)]) expect(read(file), file).not.toBe("");
});

test("examples depend on exact versions, and on the current version of the product", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  for (const name of exampleNames()) {
    const { dependencies, devDependencies } = JSON.parse(read(`examples/${name}/package.json`)) as {
      dependencies: Record<string, string>;
      devDependencies?: Record<string, string>;
    };
    expect(dependencies["bearer-worker"], name).toBe(version);
    for (const wanted of Object.values({ ...dependencies, ...devDependencies })) {
      expect(wanted, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
});

test("no bundle contains a development branch of Workbox, and no worker contains MSAL", () => {
  for (const file of ["bearer-sw.js", "sw.js", "index.js"]) {
    expect(read(`dist/${file}`), file).not.toMatch(
      /process\.env|Workbox Router only|groupCollapsed|Router is responding/,
    );
  }
  expect(read("dist/bearer-sw.js")).not.toMatch(/msal/i);
});
