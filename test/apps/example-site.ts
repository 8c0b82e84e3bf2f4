import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test as base, type Page } from "@playwright/test";
import { buildExample, exampleDirectory, exampleRoots, packProduct } from "../../dev/examples.ts";
import { startStack, type Stack } from "../../dev/start-stack.ts";

export { expect };

interface ExampleSite {
  readonly stack: Stack;
  /** The copy of the example, with its packages installed and built. */
  readonly directory: string;
}

interface WorkerFixtures {
  /** Copies an example out of the repository, installs the packed product, builds and serves the copy. Once for each name. */
  serveExample: (name: string) => Promise<ExampleSite>;
}

export const test = base.extend<{ patience: void }, WorkerFixtures>({
  patience: [
    async ({ page }, use, testInfo) => {
      // Installing packages takes long on a busy machine. Actions on pages keep a short timeout.
      testInfo.setTimeout(240_000);
      page.setDefaultTimeout(30_000);
      await use();
    },
    { auto: true },
  ],
  serveExample: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "bearer-worker-examples-"));
      const sites = new Map<string, ExampleSite>();
      let tarball: string | undefined;
      await use(async (name) => {
        tarball ??= packProduct(folder);
        let site = sites.get(name);
        if (!site) {
          const directory = join(folder, name);
          cpSync(exampleDirectory(name), directory, {
            recursive: true,
            filter: (path) => !/node_modules|\/dist$|\/bearer-/.test(path),
          });
          buildExample(directory, tarball);
          const roots = exampleRoots(directory);
          site = { directory, stack: await startStack({ port: 0, roots, isSinglePage: true }) };
          sites.set(name, site);
        }
        site.stack.reset();
        return site;
      });
      for (const { stack } of sites.values()) await stack.close();
      rmSync(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
});

/** Clicks the button and picks an account in the popup that opens. */
export async function pickInPopup(page: Page, button: string, account: string): Promise<void> {
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: button, exact: true }).click();
  await (await popup).locator(`[data-account="${account}"]`).click();
}

/** Looks at the orders and the photo that every example shows, and places an order. */
export async function useOrders(page: Page, user: { name: string; username: string }): Promise<void> {
  await expect(page.getByRole("banner")).toContainText(user.name);
  await expect(page.getByRole("row")).toHaveCount(5);
  await expect(page.getByRole("row").nth(1)).toContainText("Northwind Traders");
  await expect
    .poll(() => page.getByAltText("Your photo").evaluate((photo: HTMLImageElement) => photo.naturalWidth))
    .toBe(240);
  await page.getByLabel("New order").fill("1 abacus");
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByRole("status")).toHaveText(`Ordered for ${user.username}.`);
}

/** Each kind of request that the API received, once, with its token's user, audience and scopes. */
export function receivedKinds({ api }: Stack): string[] {
  const kinds = api.received.map(({ method, path, authorization, token }) =>
    [method, path, authorization, ...(token ? [token.username, token.audience, ...token.scopes] : [])].join(
      " ",
    ),
  );
  return [...new Set(kinds)].sort();
}

/** The site's own files that were requested with a token. It has to be empty. */
export const authorizedFiles = ({ site }: Stack): string[] =>
  site.received
    .filter(({ authorized, path }) => authorized && !path.startsWith("/api/orders"))
    .map(({ path }) => path);
