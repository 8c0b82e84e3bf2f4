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

test("a user who declines, by button or Escape, is not asked again, and the page gets the API's own answer", async ({
  open,
  page,
  stack,
}) => {
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

  // A sign-in by the site's own button ends the refusal.
  await site.signInByPopup();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  site.endSession();
  await site.useUpClick();
  const second = site.fetch("api:/media/photo");
  await site.dialogShown();
  await page.keyboard.press("Escape");
  expect(await second).toMatchObject({ status: 401 });
  expect(authorizations(stack, "/media/photo")).toEqual(["none"]);
});

test("the dialog says that its popup was blocked, closed or cancelled, and opens it again each time", async ({
  open,
  stack,
}) => {
  const site = await open();
  await needUser(site);
  // Extensions block popups so, even those that the browser allows.
  type BlockingWindow = typeof window & { allowed: typeof window.open };
  await site.run(() => {
    (window as BlockingWindow).allowed = window.open;
    window.open = () => null;
  });

  const waiting = site.fetch("/api/orders");
  const dialog = await site.dialogShown();
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog.getByRole("status")).toContainText("blocked the sign-in window");
  await site.run(() => {
    window.open = (window as BlockingWindow).allowed;
  });
  await (await site.openPopup("Try again")).close();
  await expect(dialog).toContainText("was closed");
  await (await site.openPopup("Try again")).locator('[data-action="cancel"]').click();
  await expect(dialog).toContainText("did not work");
  await (await site.openPopup("Try again")).locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
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
  await site.signInByPopup();

  expect(await waiting).toMatchObject({ status: 200 });
  await expect(site.dialog).toHaveCount(0);
});

test("the popup opens at once within a click", async ({ open, page }) => {
  const site = await open();
  await needUser(site);
  await site.run(() => {
    const button = document.body.appendChild(document.createElement("button"));
    button.onclick = async () => (button.textContent = String((await fetch("/api/orders")).status));
  });

  const opened = page.waitForEvent("popup");
  // The dialog that waits beside the popup has buttons of its own.
  const button = page.locator("body > button");
  await button.click();
  const popup = await opened;
  await popup.locator(account).click();

  await expect(button).toHaveText("200");
});

test(
  "a popup that is blocked or closed leaves the API's own answer, and an event says so",
  { tag: "@windows" },
  async ({ open, page, stack }) => {
    const site = await open({ attach: { interaction: "popup" } });
    await needUser(site);

    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

    expect(await site.events("tokenfailed")).toMatchObject([{ code: "popup_blocked", outcome: "bare" }]);
    expect(authorizations(stack, "/api/orders")).toEqual(["none"]);

    await site.signIn();
    site.endSession();
    const opened = page.waitForEvent("popup");
    const closed = page.evaluate(async () => (await fetch("/api/orders")).status);
    await (await opened).close();
    expect(await closed).toBe(401);
    expect((await site.events("tokenfailed")).slice(1)).toMatchObject([{ code: "popup_closed" }]);
  },
);

test("the API's own answer comes back when interaction is switched off", async ({ open }) => {
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
  await site.run(() => {
    fetch("/api/orders").catch(() => sessionStorage.setItem("ended", "as a network error"));
  });
  await page.locator(account).click();
  await page.waitForURL((url) => url.pathname === "/");
  await site.attached();

  expect(page.url()).toBe(left);
  expect(await site.run(() => sessionStorage.getItem("ended"))).toBe("as a network error");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
});

test("a redirect that the user cancels does not lead in a circle", async ({ open, page }) => {
  const site = await open({ attach: { interaction: "redirect" } });
  await needUser(site);

  await site.run(() => {
    fetch("/api/orders").catch(() => undefined);
  });
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
        window.events.push({ type: "asked" });
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
  expect(await site.events("asked")).toHaveLength(2);
});

test("an interaction that the user leaves open ends the request in time", async ({ open }) => {
  const site = await open({ attach: { interactionTimeout: 1_000 } });
  await needUser(site);

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(await site.events("tokenfailed")).toMatchObject([{ code: "interaction_timeout" }]);
  await expect(site.dialog).toBeVisible();
});
