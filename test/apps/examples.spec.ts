import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizedFiles, expect, pickInPopup, receivedKinds, test, useOrders } from "./example-site.ts";
import { tokenRequests } from "../browser/fixtures.ts";

// One worker packs the product and installs each example once.
test.describe.configure({ mode: "default" });

const ADA = { name: "Ada Lovelace", username: "ada@contoso.example" };

/** The requests that an API receives from each example, by kind. */
const WITH_TOKENS = [
  "GET /api/health none",
  `GET /api/orders bearer ${ADA.username} api://orders Data.Read`,
  `GET /media/photo bearer ${ADA.username} api://media Media.Read`,
  `POST /api/orders bearer ${ADA.username} api://orders Data.Write`,
];

/** Signs in by popup, uses the orders, checks the API's requests, and clears the record of them. */
async function signInAndOrder(page: Page, stack: Stack): Promise<void> {
  await page.goto(stack.site.origin);
  await expect(page.getByRole("contentinfo")).toHaveText("The API is healthy.");
  await pickInPopup(page, "Sign in", ADA.username);
  await useOrders(page, ADA);

  expect(receivedKinds(stack)).toEqual(WITH_TOKENS);
  expect(authorizedFiles(stack)).toEqual([]);
  stack.api.reset();
}

for (const name of ["plain", "react"]) {
  test(`the example "${name}" signs in and out by popup, and its unmodified requests have tokens in between`, async ({
    page,
    serveExample,
  }) => {
    const { stack } = await serveExample(name);
    await signInAndOrder(page, stack);

    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expect(page.getByRole("main")).toContainText("Sign in to see your orders.");
    await page.evaluate(() => fetch("/api/orders"));
    expect(receivedKinds(stack)).toEqual(["GET /api/orders none"]);
  });
}

test("the React example in StrictMode, which runs effects twice, acquires each token once", async ({
  page,
  serveExample,
}) => {
  const { stack, directory } = await serveExample("react");
  execFileSync("npm", ["exec", "vite", "build", "--", "--mode", "development"], {
    cwd: directory,
    stdio: "pipe",
    // React reads this variable.
    env: { ...process.env, NODE_ENV: "development" },
  });
  await page.goto(stack.site.origin);
  await pickInPopup(page, "Sign in", ADA.username);

  await useOrders(page, ADA);

  expect(stack.api.received.filter(({ path }) => path === "/api/health")).toHaveLength(2);
  expect(receivedKinds(stack)).toEqual(WITH_TOKENS);
  expect(tokenRequests(stack).map(({ grantType, scope }) => `${grantType} ${scope?.split(" ")[0]}`)).toEqual([
    "authorization_code api://orders/Data.Read",
    "refresh_token api://media/Media.Read",
    "refresh_token api://orders/Data.Write",
  ]);
});

test("the React example shows its page without tokens when they cannot be attached", async ({
  page,
  serveExample,
}) => {
  const { stack } = await serveExample("react");
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
  const reason = page.waitForEvent("console", (message) => message.type() === "error");
  await page.goto(stack.site.origin);

  await expect(page.getByRole("contentinfo")).toHaveText("The API is healthy.");
  expect((await reason).text()).toContain("This page has no service workers.");
  expect(receivedKinds(stack)).toEqual(["GET /api/health none"]);
});

test("the Angular example signs in by redirect, returns to the guarded page with tokens, and signs out", async ({
  page,
  serveExample,
}) => {
  const { stack } = await serveExample("angular");
  await page.goto(stack.site.origin);
  await expect(page.getByRole("contentinfo")).toHaveText("The API is healthy.");
  await page.getByRole("link", { name: "Your orders" }).click();
  await page.locator(`[data-account="${ADA.username}"]`).click();
  await page.waitForURL(`${stack.site.origin}/orders`);

  await useOrders(page, ADA);

  expect(receivedKinds(stack)).toEqual(WITH_TOKENS);
  expect(authorizedFiles(stack)).toEqual([]);

  stack.api.reset();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${stack.site.origin}/`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.evaluate(() => fetch("/api/orders"));
  expect(receivedKinds(stack)).toEqual(["GET /api/health none", "GET /api/orders none"]);
});

test("the offline app reads what it has cached without a network, and a user who signs out leaves nothing behind", async ({
  page,
  serveExample,
}) => {
  const { stack } = await serveExample("pwa");
  await signInAndOrder(page, stack);

  await page.context().setOffline(true);
  await page.reload();
  await expect(page.getByRole("contentinfo")).toHaveText("The API is out of reach.");
  await expect(page.getByRole("row")).toHaveCount(5);
  await expect
    .poll(() => page.getByAltText("Your photo").evaluate((photo: HTMLImageElement) => photo.naturalWidth))
    .toBe(240);
  await page.getByLabel("New order").fill("1 abacus");
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByRole("status")).toHaveText("Ordering has to wait until you are online.");
  expect(stack.api.received).toEqual([]);

  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(await page.evaluate(() => caches.has("personal"))).toBe(false);
  expect(await page.evaluate(async () => (await fetch("/api/orders")).status)).toBe(401);
  expect(receivedKinds(stack)).toEqual(["GET /api/orders none"]);
});

test("the offline app keeps nothing of a user whose popup to sign out is blocked", async ({
  page,
  serveExample,
}) => {
  const { stack } = await serveExample("pwa");
  await signInAndOrder(page, stack);
  expect(await page.evaluate(() => caches.has("personal"))).toBe(true);

  const warning = page.waitForEvent("console", (message) => message.type() === "warning");
  await page.evaluate(() => {
    window.open = () => null;
  });
  await page.getByRole("button", { name: "Sign out" }).click();
  expect((await warning).text()).toContain("popup");
  expect(await page.evaluate(() => caches.has("personal"))).toBe(false);
});
