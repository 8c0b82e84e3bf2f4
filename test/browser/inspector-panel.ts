import type { Locator, Page } from "@playwright/test";
import { expect, type SitePage } from "./fixtures.ts";

/** The inspector's panel, open or closed. */
export const inspectorPanel = (page: Page): Locator => page.getByRole("region", { name: "Token inspector" });

/** Waits until the panel's buttons work. */
export const panelWorks = (panel: Locator): Promise<void> =>
  expect(panel.getByRole("button", { name: "Forget tokens" })).toBeEnabled();

/** The module that a site imports as `bearer-worker/inspector`. */
interface InspectorModule {
  readonly openInspector: (
    attached: Window["attached"],
    options: { readonly account: () => string | undefined },
  ) => unknown;
}

/** Opens the inspector as a site would, and gives its panel. */
export async function openInspector(site: SitePage): Promise<Locator> {
  await site.run(async () => {
    // The compiler looks for no such module.
    const url = "/inspector.js";
    const { openInspector } = (await import(url)) as InspectorModule;
    openInspector(window.attached, { account: () => window.msal.getAllAccounts()[0]?.username });
  });
  const panel = inspectorPanel(site.page);
  await panelWorks(panel);
  return panel;
}
