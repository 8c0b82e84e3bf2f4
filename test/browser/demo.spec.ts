import { DemoPage, expect, test } from "./demo-page.ts";
import { policyViolations } from "./policy-violations.ts";

test("The demo signs in, and every request carries its token to the API", async ({
  page,
  demoStack: stack,
}) => {
  const demo = new DemoPage(page, stack);
  const violations = policyViolations(page.context());
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await demo.open();
  await demo.signIn();
  await expect(page.locator("[data-user]").first()).toHaveText("Ada Lovelace");

  await demo.button("send-all").click();

  for (const [name, status] of [
    ["orders", "200"],
    ["new-order", "201"],
    ["photo", "200"],
    ["video", "206"],
    ["stream", "200"],
    ["web-worker", "200"],
    ["report", "200"],
    ["health", "200"],
  ] as const) {
    await expect(demo.card(name), name).toHaveAttribute("data-status", status);
  }
  await expect(page.locator("bearer-inspector .entry.page").first()).toBeVisible();
  const users = new Map(stack.api.received.map(({ path, token }) => [path, token?.username ?? null]));
  expect(Object.fromEntries(users)).toMatchObject({
    "/api/orders": "ada@contoso.example",
    "/api/orders/report.csv": "ada@contoso.example",
    "/media/photo": "ada@contoso.example",
    "/media/clip": "ada@contoso.example",
    "/media/events": "ada@contoso.example",
    "/api/health": null,
  });
  expect([...violations, ...errors]).toEqual([]);
});

test("A user who comes back from the provider without having signed in is told so, and can sign in", async ({
  demo,
  page,
}) => {
  await demo.button("sign-in-redirect").click();
  await page.locator('[data-action="cancel"]').click();
  await page.waitForURL((url) => url.origin === demo.stack.site.origin);
  await demo.started();
  await expect(demo.announcement).toContainText("Signing in was not completed");
  await demo.signIn();
  await demo.sendAll();
  await expect(demo.card("orders")).toHaveAttribute("data-status", "200");
});

test("The demo offers the next step, and each trouble sends the requests that show it", async ({
  demo,
  page,
}) => {
  test.slow();
  const next = page.locator("#next");
  const newest = demo.inspector.locator(".entry").first();
  const status = (card: string, code: string): Promise<void> =>
    expect(demo.card(card), card).toHaveAttribute("data-status", code);
  const inPopup = async (trouble: string, choice: string): Promise<void> => {
    const popup = page.waitForEvent("popup");
    await demo.button(trouble).click();
    await (await popup).locator(choice).click();
  };
  await expect(page.getByRole("button", { name: "Sign in by redirect" })).toBeVisible();
  await demo.signIn();
  // After a sign-in Chromium looks for a new worker, and may take a minute for it.
  await demo.button("first-visit").click();
  await expect(demo.card("photo")).toHaveAttribute("data-status", "401", { timeout: 70_000 });
  await status("orders", "200");
  await status("xhr", "200");
  await expect(demo.announcement).toContainText("the picture went without");
  expect(demo.stack.api.received.find(({ path }) => path === "/media/photo")).toMatchObject({ token: null });
  await expect(next).toContainText("Next: send all requests");
  await demo.sendAll();
  await expect(next).toContainText("Next: revoke the tokens");
  // Each click makes a request of its own.
  await demo.card("video").getByRole("button").first().click();
  await expect(page.locator('.card[data-status="pending"]')).toHaveCount(0);
  await status("video", "206");

  await demo.button("revoke-tokens").click();
  await expect(newest).toContainText("replayed with a new token");
  await status("orders", "200");
  await demo.button("stop-provider").click();
  await status("photo", "401");
  await status("orders", "200");
  await expect(newest).toContainText("the API refused the token");
  await expect(demo.inspector.locator(".marker.failed").first()).toContainText("the provider gave none");
  await expect(demo.button("stop-provider")).toHaveAttribute("aria-pressed", "true");
  await demo.button("stop-provider").click();
  await status("photo", "200");

  await demo.button("expire-tokens").click();
  await expect(demo.inspector.locator(".tokens li", { hasText: "Data.Read" }).locator(".left")).toHaveText(
    /^\d s left$/,
  );
  const events = demo.inspector.locator(".entry", { hasText: "/media/events" });
  const before = await events.count();
  await demo.button("drop-streams").click();
  await expect(events).toHaveCount(before + 1);
  await inPopup("step-up", '[data-action="approve"]');
  await status("approvals", "200");
  await expect(newest).toContainText("of it the user’s");
  await inPopup("revoke-session", '[data-account="ada@contoso.example"]');
  await status("orders", "200");

  await demo.button("lose-control").click();
  await status("photo", "401");
  await status("orders", "200");
  await expect(demo.inspector).toContainText("another worker is in control");
  await demo.button("lose-control").click();
  await status("photo", "200");
});

test("Requests, inspector and first answers share one screen, and a phone shows the inspector as a sheet", async ({
  demo,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const name of ["send-all", "revoke-tokens", "reset"]) await expect(demo.button(name)).toBeInViewport();
  for (const name of ["orders", "photo"]) await expect(demo.card(name).locator(".status")).toBeInViewport();
  await expect(demo.inspector.getByRole("listbox")).toBeInViewport();
  const requests = page.locator("#requests");
  const besides = await requests.boundingBox();
  await demo.inspector.getByRole("button", { name: "Close" }).click();
  await expect
    .poll(async () => (await requests.boundingBox())?.width)
    .toBeGreaterThan((besides?.width ?? 0) + 400);

  await page.setViewportSize({ width: 390, height: 844 });
  expect((await page.locator("header.top").boundingBox())?.height).toBeLessThan(64);
  expect(await demo.run(() => document.documentElement.scrollHeight)).toBeLessThan(2_000);
  const opener = demo.inspector.getByRole("button", { name: "Tokens" });
  const heading = page.locator("#requests-title");
  const [above, beside] = await Promise.all([heading, opener].map((part) => part.boundingBox()));
  expect(beside?.y).toBe(above?.y);
  await opener.click();
  await demo.button("revoke-tokens").click();
  await expect(demo.announcement).toBeVisible();
  const [sheet, line] = await Promise.all(
    [demo.inspector, demo.announcement].map((part) => part.boundingBox()),
  );
  expect(sheet).toMatchObject({ x: 0, width: 390 });
  expect((line?.y ?? NaN) + (line?.height ?? NaN)).toBeLessThanOrEqual(sheet?.y ?? NaN);
});

test("The demo binds tokens to a key at the press of a button, and every request carries its proof", async ({
  demo,
  page,
}) => {
  const { stack } = demo;
  await demo.signIn();
  await demo.button("bind-tokens").click();
  await expect(demo.button("bind-tokens")).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".source figcaption code")).toHaveText("attach-bound-tokens.js");
  stack.api.reset();
  await demo.button("send-all").click();
  for (const [name, status] of [
    ["orders", "200"],
    ["new-order", "201"],
    ["photo", "200"],
    ["video", "206"],
    ["stream", "200"],
    ["web-worker", "200"],
    ["xhr", "200"],
  ] as const) {
    await expect(demo.card(name), name).toHaveAttribute("data-status", status);
  }
  const bound = stack.api.received.filter(({ token }) => token !== null);
  expect(bound.every(({ authorization, proof }) => authorization === "dpop" && proof !== null)).toBe(true);
  expect(new Set(bound.map(({ proof }) => proof?.jti)).size).toBe(bound.length);
  await expect(demo.inspector.locator(".tokens li").first()).toContainText("DPoP");
  await expect(demo.inspector.locator(".entry.page").first()).toContainText("DPoP token from the page");
});

for (const kind of ["bearer", "DPoP"] as const) {
  test(`Another user's tab of the demo keeps its own user, with ${kind} tokens`, async ({ demo, page }) => {
    await demo.signIn();
    if (kind === "DPoP") {
      await demo.button("bind-tokens").click();
      await expect(demo.button("bind-tokens")).toHaveAttribute("aria-pressed", "true");
    }
    const opened = page.context().waitForEvent("page");
    await demo.button("other-tab").click();
    const other = new DemoPage(await opened, demo.stack);
    await other.started();
    await expect(other.button("bind-tokens")).toHaveAttribute("aria-pressed", String(kind === "DPoP"));
    await other.signIn(undefined, "alan@contoso.example");

    for (const [tab, name] of [
      [other, "Alan Turing"],
      [demo, "Ada Lovelace"],
    ] as const) {
      await tab.page.bringToFront();
      await tab.card("orders").getByRole("button", { name: "Send" }).click();
      await expect(tab.card("orders")).toContainText(name);
      await expect(tab.inspector).not.toContainText("worker_map_differs");
    }
  });
}
