import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

const dist = new URL("../../dist/", import.meta.url);

test("the license of every bundled package travels with it", () => {
  const licenses = readFileSync(new URL("LICENSES.txt", dist), "utf8");
  const named = ["@azure/msal-browser", "@azure/msal-common", "@babel/parser", "entities", "parse5"];

  for (const name of [...named, "workbox-core", "workbox-routing", "workbox-window"])
    expect(licenses).toMatch(
      new RegExp(`(?:^|\\n\\n)${name}\\n\\n(?:.*\\n){0,3}.*(?:Copyright|MIT License)`),
    );

  // The bundler names the file of each package in a comment of the command line, and in the source maps of the others.
  const built = readdirSync(dist)
    .filter((name) => name === "cli.js" || name.endsWith(".js.map"))
    .map((name) => readFileSync(new URL(name, dist), "utf8"))
    .join("\n");
  const bundled = new Set(
    Array.from(built.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g), ([, name]) => name),
  );
  expect(bundled).toContain("parse5");
  expect(bundled).toContain("@azure/msal-common");
  for (const name of bundled) expect(licenses).toContain(`${name}\n\n`);
});
