import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { packProduct } from "../../dev/examples.ts";
import { startStack, type Stack } from "../../dev/start-stack.ts";
import { follow, inCommands, inFiles } from "../snippets/follow.ts";
import { snippetsOf } from "../snippets/snippets.ts";
import { pickInPopup } from "../apps/example-site.ts";
import { expect, received, test as base } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const ADAS_ORDERS = [{ authorization: "bearer", user: ADA, audience: "api://orders" }];

interface Fixtures {
  /** Does in a folder outside of the repository what the page says below one of its headings, and serves the result. */
  followed: (heading: string) => Promise<Stack>;
}

const test = base.extend<Fixtures, { tarball: string }>({
  tarball: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "bearer-worker-packed-"));
      await use(packProduct(folder));
      rmSync(folder, { recursive: true });
    },
    { scope: "worker", timeout: 240_000 },
  ],
  followed: async ({ tarball }, use, testInfo) => {
    // Packages are installed on a machine that does other things meanwhile.
    testInfo.setTimeout(240_000);
    const folder = mkdtempSync(join(tmpdir(), "bearer-worker-docs-"));
    const stack = await startStack({ port: 0, roots: [join(folder, "public")] });
    await use((heading) => {
      const snippets = snippetsOf("docs/getting-started.md").filter((snippet) => snippet.heading === heading);
      follow(snippets, folder, inFiles(stack.provider.msalAuth), inCommands(tarball));
      return Promise.resolve(stack);
    });
    await stack.close();
    rmSync(folder, { recursive: true });
  },
});

// One worker packs the product once.
test.describe.configure({ mode: "default" });

/** Signs in, and checks that the site's own requests have tokens, at once and after a reload. */
async function useSite(page: Page, stack: Stack): Promise<void> {
  page.setDefaultTimeout(30_000);
  const orders = expect.configure({ timeout: 30_000 });
  await page.goto(stack.site.origin);
  await pickInPopup(page, "Sign in", ADA);
  await orders(page.getByRole("status")).toContainText("Northwind Traders");
  expect(received(stack, "/api/orders")).toEqual(ADAS_ORDERS);

  await page.reload();
  await orders(page.getByRole("status")).toContainText("Northwind Traders");
  expect(received(stack, "/api/orders")).toEqual([...ADAS_ORDERS, ...ADAS_ORDERS]);
}

for (const heading of ["A site with a bundler", "A plain site"]) {
  test(`a site made in an empty folder by the steps of "${heading}" sends tokens`, async ({
    page,
    followed,
  }) => {
    await useSite(page, await followed(heading));
  });
}

test("a site's own worker, changed as the documentation says, sends tokens and still answers its own routes", async ({
  page,
  followed,
}) => {
  const stack = await followed("A site with a service worker of its own");

  await useSite(page, stack);

  expect(await page.evaluate(async () => (await fetch("/greeting")).text())).toBe(
    "Hello from your own worker",
  );
  const workers = await page.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(
      ({ active }) => new URL(active?.scriptURL ?? "").pathname,
    ),
  );
  expect(workers).toEqual(["/sw.js"]);
});
