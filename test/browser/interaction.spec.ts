import { authorizations, expect, needUser, received, replaceScript, test } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const account = `[data-account="${ADA}"]`;

test("the user signs in again by the dialog, and the request that waited completes", async ({
  open,
  stack,
}) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  const popup = await site.openPopup();
  await popup.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  await expect(site.dialog).toHaveCount(0);
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
  expect(await site.events("interactionrequired")).toHaveLength(1);
  expect(await site.events("tokenacquired")).toMatchObject([{ interactive: true }]);
});

test("requests that need the user at once share one interaction", async ({ open, page, stack }) => {
  const site = await open();
  await needUser(site);
  let popups = 0;
  page.on("popup", () => popups++);

  const waiting = Promise.all([
    site.fetch("/api/orders?1"),
    site.fetch("/api/orders?2"),
    site.fetch("api:/media/photo"),
    site.fetch("/api/orders", { method: "POST", body: "x" }),
  ]);
  const popup = await site.openPopup();
  await expect(site.dialog).toHaveCount(1);
  await popup.locator(account).click();

  expect((await waiting).map(({ status }) => status)).toEqual([200, 200, 200, 201]);
  expect(popups).toBe(1);
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(Array(4).fill("bearer"));
});

test("who declines is not asked again, and gets the API's own answer", async ({ open, stack }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await (await site.dialogShown()).getByRole("button", { name: "Not now" }).click();

  expect(await waiting).toMatchObject({ status: 401 });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  await expect(site.dialog).toHaveCount(0);
  expect(authorizations(stack, "/api/orders")).toEqual(["none", "none"]);
  expect((await site.events("tokenfailed"))[0]).toMatchObject({
    code: "interaction_declined",
    outcome: "bare",
  });

  // Signing in by the site's own button is an act of the user.
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test("Escape declines", async ({ open, page }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  await page.keyboard.press("Escape");

  expect(await waiting).toMatchObject({ status: 401 });
});

test("a popup that was closed can be opened again from the dialog", async ({ open }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await (await site.openPopup()).close();
  await expect(site.dialog).toContainText("was closed");
  const popup = await site.openPopup("Try again");
  await popup.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
});

test("a popup that has done its work is not taken for closed, however slow the provider is", async ({
  open,
}) => {
  const site = await open({ attach: { interaction: "popup" } });
  await site.signIn();
  site.endSession();

  const opened = site.page.waitForEvent("popup");
  const waiting = site.page.evaluate(async () => (await fetch("/api/orders")).status);
  const popup = await opened;
  await popup.locator(account).waitFor();
  await site.slowDown(2_500);
  await popup.locator(account).click();

  expect(await waiting).toBe(200);
});

test("a sign-in by the site's own button ends the dialog, too", async ({ open }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  await site.signIn();

  expect(await waiting).toMatchObject({ status: 200 });
  await expect(site.dialog).toHaveCount(0);
});

test("a user who cancels at the provider may try again from the dialog", async ({ open }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  const popup = await site.openPopup();
  await popup.locator('[data-action="cancel"]').click();
  await expect(site.dialog).toContainText("did not work");
  const again = await site.openPopup("Try again");
  await again.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
});

test("within a click the popup opens at once", async ({ open, page }) => {
  const site = await open();
  await needUser(site);
  await site.run(`(() => {
    const button = document.body.appendChild(document.createElement("button"));
    button.onclick = async () => (window.status = String((await fetch("/api/orders")).status));
  })()`);

  const opened = page.waitForEvent("popup");
  await page.locator("button").click();
  const popup = await opened;
  await expect(site.dialog).toHaveCount(0);
  await popup.locator(account).click();

  await expect.poll(() => site.run("window.status")).toBe("200");
});

test("a popup that the browser blocks leaves the API's own answer, and says so", async ({ open, stack }) => {
  const site = await open({ attach: { interaction: "popup" } });
  await needUser(site);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(await site.events("tokenfailed")).toMatchObject([{ code: "popup_blocked", outcome: "bare" }]);
  expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
});

test("the dialog says that a popup was blocked, and opens it once it may", async ({ open, stack }) => {
  const site = await open();
  await needUser(site);
  // As extensions do, whatever the browser itself allows.
  await site.run("window.allowed = window.open, window.open = () => null, undefined");

  const waiting = site.fetch("/api/orders");
  const dialog = await site.dialogShown();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("status")).toContainText("blocked the sign-in window");
  await site.run("window.open = window.allowed, undefined");
  await (await site.openPopup("Try again")).locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("a popup that the user closes leaves the API's own answer, and says so", async ({ open, page }) => {
  const site = await open({ attach: { interaction: "popup" } });
  await needUser(site);

  const opened = page.waitForEvent("popup");
  const waiting = page.evaluate(async () => (await fetch("/api/orders")).status);
  await (await opened).close();

  expect(await waiting).toBe(401);
  expect(await site.events("tokenfailed")).toMatchObject([{ code: "popup_closed" }]);
});

test("with interaction switched off the API's own answer comes back", async ({ open }) => {
  const site = await open({ attach: { interaction: "none" } });
  await needUser(site);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(await site.events("tokenfailed")).toMatchObject([{ code: "interaction_disabled" }]);
});

test("a redirect brings the user back to the page, which works then", async ({ open, page, stack }) => {
  const site = await open({ attach: { interaction: "redirect" } });
  await needUser(site);
  const left = page.url();

  // The request that waited ends before the page leaves.
  await site.run(
    `void fetch("/api/orders").catch(() => sessionStorage.setItem("ended", "as a network error"))`,
  );
  await page.locator(account).click();
  await page.waitForURL((url) => url.pathname === "/");
  await site.attached();

  expect(page.url()).toBe(left);
  expect(await site.run("sessionStorage.ended")).toBe("as a network error");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
});

test("a redirect that the user cancels does not lead in a circle", async ({ open, page }) => {
  const site = await open({ attach: { interaction: "redirect" } });
  await needUser(site);

  await site.run(`void fetch("/api/orders").catch(() => undefined)`);
  await page.locator('[data-action="cancel"]').click();
  await page.waitForURL((url) => url.pathname === "/");
  await site.attached();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  expect(await site.events("tokenfailed")).toMatchObject([
    { code: "interaction_failed", reason: "access_denied" },
  ]);
});

test("an app's own interaction is called instead of the dialog, once, also for a step-up", async ({
  page,
  stack,
  open,
}) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
      interaction: ({ scopes, popup }) => new Promise((resolve) => {
        window.asked = (window.asked ?? 0) + 1;
        const bar = document.body.appendChild(document.createElement("button"));
        bar.textContent = "Sign in for " + scopes;
        bar.onclick = () => popup().then(() => (bar.remove(), resolve(true)));
      }),
    })`,
  );
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  const opened = page.waitForEvent("popup");
  await page.getByText("Sign in for api://orders/Data.Read").click();
  await (await opened).locator(account).click();
  expect(await waiting).toMatchObject({ status: 200 });

  const approvals = site.fetch("/api/orders/approvals");
  const stepUp = page.waitForEvent("popup");
  await page.getByText("Sign in for api://orders/Data.Read").click();
  await (await stepUp).locator('[data-action="approve"]').click();
  expect(await approvals).toMatchObject({ status: 200 });
  expect(await site.run("window.asked")).toBe(2);
});

test("an interaction that the user leaves open ends the request in time", async ({ open }) => {
  const site = await open({ attach: { interactionTimeout: 1_000 } });
  await needUser(site);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(await site.events("tokenfailed")).toMatchObject([{ code: "interaction_timeout" }]);
  await expect(site.dialog).toBeVisible();
});
