import type { Locator, Page } from "@playwright/test";
import { expect, type SitePage } from "./fixtures.ts";

/** The inspector's panel, open or not. */
export const inspectorPanel = (page: Page): Locator => page.getByRole("region", { name: "Token inspector" });

/** Waits until the panel is there and its buttons work. */
export const panelWorks = (panel: Locator): Promise<void> =>
  expect(panel.getByRole("button", { name: "Forget tokens" })).toBeEnabled();

/** Opens the inspector as a site would, and gives its panel. */
export async function openInspector(site: SitePage): Promise<Locator> {
  await site.run(`import("/inspector.js").then(({ openInspector }) => {
    openInspector(window.attached, { account: () => window.msal.getAllAccounts()[0]?.username });
  })`);
  const panel = inspectorPanel(site.page);
  await panelWorks(panel);
  return panel;
}
