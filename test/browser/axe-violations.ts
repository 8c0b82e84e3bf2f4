import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import { expect } from "./fixtures.ts";

/**
 * What axe-core finds on the page, in all of WCAG 2.2 that a program can check, and in its best practices.
 *
 * @param without rules that the page cannot keep
 */
export async function axeViolations(page: Page, without: readonly string[] = []): Promise<string[]> {
  await page.evaluate(await readFile("node_modules/axe-core/axe.min.js", "utf8"));
  const { violations, passes } = await page.evaluate(
    (rules) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run({
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        rules,
      }),
    {
      // Off by default, being experimental: whoever speaks to their device says what they see.
      "label-content-name-mismatch": { enabled: true },
      ...Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    },
  );
  // It has looked.
  expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(["button-name"]));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
