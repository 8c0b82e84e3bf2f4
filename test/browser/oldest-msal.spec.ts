import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mergeTests, type Page } from "@playwright/test";
import { build } from "esbuild";
import { startStack } from "../../dev/start-stack.ts";
import { installed, test as withPackage } from "../packed/unpacked.ts";
import { expect, needUser, received, test as withSite, tokenRequests } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

/** The site under test, made of the packed package and the oldest supported MSAL. All other tests use the newest. */
const test = mergeTests(withSite, withPackage).extend({
  sharedStack: [
    async ({ packed }, use) => {
      const built = await bundle(packed.siteWith("oldest"));
      const stack = await startStack({ port: 0, roots: [built, "test/browser/site", "dist"] });
      await use(stack);
      await stack.close();
    },
    { scope: "worker" },
  ],
});

// One process packs and bundles for all tests of this file.
test.describe.configure({ mode: "default" });

const pick = (popup: Page, username = ADA) => popup.locator(`[data-account="${username}"]`).click();

test("requests carry tokens that the oldest MSAL acquired, each once", async ({ open, page, stack }) => {
  const versions = new Set<string | null>();
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    const body = new URLSearchParams(request.postData() ?? "");
    if (pathname.endsWith("/token"))
      versions.add(searchParams.get("x-client-VER") ?? body.get("x-client-VER"));
  });
  const site = await open();
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await site.fetch("/api/orders", { method: "POST", body: "1 abacus" })).toMatchObject({
    status: 201,
  });
  expect(await site.fetch("api:/media/photo")).toMatchObject({ status: 200 });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(stack.api.received.map(({ authorization, token }) => [authorization, token?.username])).toEqual(
    Array(4).fill(["bearer", ADA]),
  );
  expect(tokenRequests(stack, "refresh_token")).toHaveLength(3);
  expect([...versions]).toEqual([versionOf(installed("oldest"))]);
});

test("a token that the API has revoked is replaced, and a step-up is brought to the user", async ({
  site,
  stack,
}) => {
  await site.fetch("/api/orders");
  await stack.api.revokeTokens();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await site.useUpClick();
  const waiting = site.fetch("/api/orders/approvals");
  await (await site.openPopup()).locator('[data-action="approve"]').click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(stack.api.received.map(({ status }) => status)).toEqual([200, 401, 200, 401, 200]);
});

test("a closed popup is noticed, and the next popup signs in", async ({ open, stack }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await (await site.openPopup()).close();
  await expect(site.dialog).toContainText("was closed");
  await pick(await site.openPopup("Try again"));

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("the user comes back from a redirect to where they were, with tokens", async ({ open, page, stack }) => {
  const site = await open({ attach: { interaction: "redirect" } });
  await needUser(site);
  const left = page.url();

  await site.run(() => void fetch("/api/orders").catch(() => undefined));
  await pick(page);
  await page.waitForURL(left);
  await site.attached();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("tokens follow the account, and a request after sign-out has none", async ({ site, stack }) => {
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  stack.provider.revokeSessions();
  await site.signIn(ALAN);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await site.page.evaluate((username) => {
    const account = window.msal.getAccount({ username });
    return window.msal.logoutPopup({ account });
  }, ALAN);
  await site.run((username) => window.msal.setActiveAccount(window.msal.getAccount({ username })), ADA);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await site.run(() => window.msal.clearCache());
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, ALAN, ADA, null]);
});

/** Bundles `bearer-page.js` and `bearer-redirect.js` with the MSAL of `site`. */
async function bundle(site: string): Promise<string> {
  const built = join(site, "built");
  mkdirSync(built);
  for (const [name, contents] of [
    [
      "bearer-page",
      `export * from "bearer-worker"; export { PublicClientApplication } from "@azure/msal-browser";`,
    ],
    [
      "bearer-redirect",
      `import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge"; broadcastResponseToMainFrame();`,
    ],
  ] as const) {
    await build({
      stdin: { contents, resolveDir: site },
      bundle: true,
      format: "iife",
      globalName: "bearerWorker",
      outfile: join(built, `${name}.js`),
      logLevel: "error",
    });
  }
  return built;
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}
