import { authorizedFiles, expect, pickInPopup, receivedKinds, test } from "./example-site.ts";
import type { Stack } from "../../dev/start-stack.ts";
import { SitePage, tokenRequests } from "../browser/fixtures.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

const reads = (username: string): string => `GET /api/orders bearer ${username} api://orders Data.Read`;
const authorizations = ({ provider }: Stack) =>
  provider.requests.filter(({ endpoint }) => endpoint === "authorize");

// One process builds the example for all tests of this file.
test.describe.configure({ mode: "default" });

let stack: Stack;

/** Ada signs in to the site whose tokens come from oidc-client-ts, and reads her orders. */
test.beforeEach(async ({ page, serveExample }) => {
  ({ stack } = await serveExample("oidc-client-ts"));
  await page.goto(stack.site.origin);
  await pickInPopup(page, "Sign in", ADA);
  await expect(page.getByRole("row")).toHaveCount(5);
});

test("the stored token of oidc-client-ts is attached, and the provider is not asked", async ({ page }) => {
  expect(receivedKinds(stack)).toEqual(["GET /api/health none", reads(ADA)]);
  expect(authorizedFiles(stack)).toEqual([]);
  expect(authorizations(stack)).toHaveLength(1);

  stack.api.reset();
  await page.reload();
  await expect(page.getByRole("row")).toHaveCount(5);

  expect(receivedKinds(stack)).toEqual(["GET /api/health none", reads(ADA)]);
  expect(authorizations(stack)).toHaveLength(1);
  expect(tokenRequests(stack)).toHaveLength(1);
});

test("a token that the API refuses is replaced by the refresh token", async ({ page }) => {
  const before = stack.api.received.length;
  stack.api.settings.always401 = { "/api/orders": 1 };

  expect(await page.evaluate(async () => (await fetch("/api/orders")).status)).toBe(200);

  expect(stack.api.received.slice(before).map(({ status }) => status)).toEqual([401, 200]);
  expect(tokenRequests(stack).map(({ grantType }) => grantType)).toEqual([
    "authorization_code",
    "refresh_token",
  ]);
});

test("a scope that the token lacks is added silently", async ({ page }) => {
  await page.getByLabel("New order").fill("1 abacus");
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByRole("status")).toHaveText(`Ordered for ${ADA}.`);

  expect(receivedKinds(stack)).toContain(`POST /api/orders bearer ${ADA} api://orders Data.Read Data.Write`);
  expect(authorizations(stack).map(({ prompt }) => prompt)).toEqual([undefined, "none"]);
});

test("a scope that needs consent opens the popup within the click", async ({ page }) => {
  stack.provider.settings.requireConsent = true;
  await page.getByLabel("New order").fill("1 abacus");
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Place order" }).click();
  await (await popup).locator('[data-action="accept"]').click();
  await expect(page.getByRole("status")).toHaveText(`Ordered for ${ADA}.`);

  expect(receivedKinds(stack)).toContain(`POST /api/orders bearer ${ADA} api://orders Data.Read Data.Write`);
});

test("the dialog opens the popup, again if the user closed it, when session and refresh token have ended", async ({
  page,
}) => {
  const site = await SitePage.of(page, stack);
  const before = stack.api.received.length;
  stack.api.settings.always401 = { "/api/orders": 1 };
  site.endSession();
  await page.reload();

  await (await site.openPopup("Sign in")).close();
  await expect(site.dialog).toContainText("The sign-in window was closed.");
  await (await site.openPopup("Try again")).locator(`[data-account="${ADA}"]`).click();
  await expect(page.getByRole("row")).toHaveCount(5);

  const orders = stack.api.received.slice(before).filter(({ path }) => path === "/api/orders");
  expect(orders.map(({ status }) => status)).toEqual([401, 200]);
});

test("a claims challenge of the API goes to the provider with the user's interaction", async ({ page }) => {
  const popup = page.waitForEvent("popup");
  const status = page.evaluate(async () => (await fetch("/api/orders/approvals")).status);
  await (await popup).locator('[data-action="approve"]').click();

  expect(await status).toBe(200);
  expect(authorizations(stack).at(-1)?.claims).toContain('"acrs":{"essential":true,"value":"c1"}');
});

test("signing out empties the worker", async ({ page }) => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  stack.api.reset();

  expect(await page.evaluate(async () => (await fetch("/api/orders")).status)).toBe(401);
  expect(receivedKinds(stack)).toEqual(["GET /api/orders none"]);
});

test("requests carry the other account's token after a change of accounts", async ({ page }) => {
  stack.api.reset();
  await pickInPopup(page, "Use another account", ALAN);
  await expect(page.getByRole("banner")).toContainText("Alan Turing");
  await expect.poll(() => receivedKinds(stack)).toEqual([reads(ALAN)]);
});
