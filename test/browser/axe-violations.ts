import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import { expect } from "./fixtures.ts";

/**
 * Gives axe-core's violations on the page: of all WCAG 2.2 rules that a program can check, and of its best practices.
 *
 * @param without rules that the page cannot keep
 * @param only the rules to check, where a look before has checked the others
 * @param within the part of the page to check, where a look before has checked the rest
 */
export async function axeViolations(
  page: Page,
  without: readonly string[] = [],
  only?: readonly string[],
  within?: string,
): Promise<string[]> {
  const isLoaded = await page.evaluate(() => "axe" in globalThis);
  if (!isLoaded) await page.evaluate(await readFile("node_modules/axe-core/axe.min.js", "utf8"));
  const { violations, passes } = await page.evaluate(
    ([rules, wanted, part]) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(
        part ?? document,
        wanted
          ? { runOnly: { type: "rule", values: [...wanted] }, resultTypes: ["violations"] }
          : {
              runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
              rules,
              resultTypes: ["violations"],
            },
      ),
    [
      {
        // Off by default, as an experiment. Users who speak to their device say the label that they see.
        "label-content-name-mismatch": { enabled: true },
        ...Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
      },
      only,
      within,
    ] as const,
  );
  // A rule that passes shows that axe has run.
  const passed = passes.map(({ id }) => id);
  if (only || !within) expect(passed).toContain(only?.[0] ?? "button-name");
  else expect(passed).not.toEqual([]);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
