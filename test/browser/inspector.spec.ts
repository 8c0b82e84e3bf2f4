import type { Locator } from "@playwright/test";
import type { BearerInspector } from "../../inspector/bearer-inspector.ts";
import type * as inspector from "../../inspector/index.ts";
import { expect, received, SitePage, test, tokenRequests } from "./fixtures.ts";
import { holdRequests } from "./held-requests.ts";
import { inspectorPanel, openInspector, panelWorks } from "./inspector-panel.ts";
import { policyViolations } from "./policy-violations.ts";

const ADA = "ada@contoso.example";
const READ = "api://orders/Data.Read";

const INSPECTOR = "/inspector.js";

/** Requests in the panel, the newest first. */
const entries = (panel: Locator): Locator => panel.locator(".entry");

/** The origin of each request's token by the `request` events, the oldest first. */
const origins = async (site: SitePage): Promise<unknown[]> =>
  (await site.events("request")).map(({ token }) => token);

const requestsAreObserved = (site: SitePage): Promise<boolean> =>
  site.run(async () => (await window.attached).observing);

test("a closed inspector costs nothing: no listener, no notice of the worker, no code of the panel", async ({
  site,
  page,
  stack,
}) => {
  const loaded = () =>
    stack.site.received.map(({ path }) => path).filter((path) => path.startsWith("/inspector"));
  await site.run(async (module) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      if (data.type === "observed") window.events.push({ type: "notice", method: data.request.method });
    });
    await import(module);
    const inspector = document.createElement("bearer-inspector") as BearerInspector;
    inspector.attachment = window.attached;
    document.body.append(inspector);
  }, INSPECTOR);
  const opener = page.getByRole("button", { name: "Tokens" });
  await expect(opener).toHaveAttribute("aria-expanded", "false");

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(await requestsAreObserved(site)).toBe(false);
  expect(loaded()).toEqual(["/inspector.js"]);

  await opener.click();
  const panel = inspectorPanel(page);
  await panelWorks(panel);
  expect(loaded()).toHaveLength(2);
  expect(await requestsAreObserved(site)).toBe(true);
  // A request may overtake the message that tells the worker to report.
  await expect
    .poll(async () => {
      await site.fetch("/api/orders", { method: "POST", body: "1" });
      return await entries(panel).count();
    })
    .toBeGreaterThan(0);
  // Notices keep their order: a notice of the first request would have arrived before the others.
  const notices = (await site.events("notice")).map(({ method }) => method);
  expect(notices).toContain("POST");
  expect(notices).not.toContain("GET");

  await panel.getByRole("button", { name: "Close" }).click();
  await expect(opener).toBeFocused();
  expect(await requestsAreObserved(site)).toBe(false);
  await opener.click();
  await expect(entries(panel)).toHaveCount(0);
  await expect.poll(() => requestsAreObserved(site)).toBe(true);
  await site.run(() => document.querySelector("bearer-inspector")?.remove());
  expect(await requestsAreObserved(site)).toBe(false);
});

test("the panel lists each request with map entry, scopes, account and the origin of its token", async ({
  site,
  stack,
}) => {
  const panel = await openInspector(site);

  await site.fetch("/api/orders?secret=1");
  const newest = entries(panel).first();
  await expect(newest).toContainText("token from the page");
  await site.fetch("/api/orders/report.csv");
  await expect(newest).toContainText("token from memory");
  await expect(newest).toContainText("GET /api/orders/report.csv");
  await expect(newest).toContainText(`/api/* → ${READ}`);
  // The account is the panel's own, and is not repeated.
  await expect(newest).not.toContainText(ADA);
  await expect(newest.locator(".code")).toHaveText("200");
  await site.fetch("/api/orders", { method: "POST", body: "1" });
  await expect(newest).toContainText("/api/* → api://orders/Data.Write");
  await expect(newest.locator(".code")).toHaveText("201");
  await site.run((url) => {
    const image = document.body.appendChild(new Image());
    image.src = url;
  }, site.resolve("api:/media/photo"));
  await expect(newest).toContainText("for image");

  await expect(panel.locator(".totals .memory dd")).toHaveText("1");
  await expect(panel.locator(".totals .page dd")).toHaveText("3");
  await expect(panel.locator(".totals .acquired dd")).toHaveText("3");
  await expect(panel.locator(".marker.acquired").last()).toContainText(
    `Token for ${READ}, from the provider`,
  );
  expect(stack.api.received.filter(({ token }) => token).map(({ path }) => path)).toEqual([
    "/api/orders",
    "/api/orders/report.csv",
    "/api/orders",
    "/media/photo",
  ]);
  await site.run(() => {
    (document.querySelector("bearer-inspector") as BearerInspector).account = () => "Another user";
  });
  await site.fetch("/api/orders");
  await expect(newest).toContainText("Another user");
  await panel.getByRole("button", { name: "Clear" }).click();
  await expect(entries(panel)).toHaveCount(0);
  await expect(panel.locator(".totals .page dd")).toHaveText("0");
});

test("the panel shows each request while it waits, with the party it waits for, and tells a replay, a refusal and a failure apart", async ({
  context,
  site,
  page,
  stack,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const panel = await openInspector(site);
  const newest = entries(panel).first();
  const total = (name: string): Locator => panel.locator(`.totals .${name} dd`);
  await site.fetch("/api/orders");
  await expect(newest).not.toContainText("replayed");

  await stack.api.revokeTokens();
  await site.fetch("/api/orders");
  await expect(newest).toContainText("the API refused the token");
  await expect(newest).toContainText("replayed with a new token");
  await expect(newest.locator(".code")).toHaveText("200");
  await expect(total("replayed")).toHaveText("1");

  const photo = await holdRequests(context, "**/media/photo?held", "fail");
  stack.provider.stop();
  await site.fetch("api:/media/photo");
  await expect(newest.locator(".code")).toHaveText("network error");
  await expect(panel.locator(".marker.failed").first()).toContainText("fails as a network error");
  expect(received(stack, "/media/photo")).toEqual([]);
  stack.provider.start();

  const held = site.fetch("api:/media/photo?held");
  await expect(newest).toContainText("waits for the network");
  photo.release();
  await held;
  await expect(newest.locator(".code")).toHaveText("network error");
  await expect(total("failed")).toHaveText("2");

  site.endSession();
  await site.useUpClick();
  const declined = site.fetch("/api/orders?secret=1", { method: "POST", body: "1" });
  const dialog = await site.dialogShown();
  await expect(panel.locator(".marker.interaction")).toContainText("The user has to act");
  await expect(panel.locator("h4").first()).toContainText("waiting for the user");
  await expect(newest).toContainText("waits for the user");
  await expect(newest.locator(".code")).toHaveText("waiting");
  await dialog.getByRole("button", { name: "Not now" }).click();
  await declined;
  await expect(newest.locator(".code")).toHaveText("401");
  await expect(newest).toContainText(/no token after \d+ m?s, \d+ m?s of it the user’s/);
  await expect(panel.locator(".marker.failed").first()).toContainText(
    "the user declined (interaction_declined). The request goes out without",
  );
  await expect(total("failed")).toHaveText("3");
  // A refusal counts as one, although its token was in memory.
  await expect(total("memory")).toHaveText("0");

  const strip = panel.getByRole("listbox");
  await strip.focus();
  await expect(strip.getByRole("option", { selected: true })).toHaveAccessibleName(
    /^POST \/api\/orders: 401, /,
  );
  await page.keyboard.press("Home");
  await expect(panel.locator(".about")).toHaveText(/^GET \/api\/orders: 200, \d+ ms, token from the page/);
  await page.keyboard.press("Enter");
  await expect(entries(panel).last()).toHaveClass(/chosen/);

  await panel.getByRole("button", { name: "Copy report" }).click();
  await expect(panel.getByRole("status")).toContainText("Copied");
  const report = await site.run(() => navigator.clipboard.readText());
  expect(report).toContain(`GET /api/* → ${READ}: 200`);
  expect(report).toContain("interaction_declined");
  expect(report).not.toMatch(/secret|contoso|eyJ|photo/);
});

test("a report names no account, neither one that signs in after the panel was opened nor one that takes its place", async ({
  context,
  open,
  stack,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const site = await open();
  const panel = await openInspector(site);
  await site.run(() => {
    (document.querySelector("bearer-inspector") as BearerInspector).account = () =>
      window.msal.getActiveAccount()?.username;
  });
  const newest = entries(panel).first();
  await expect
    .poll(async () => {
      await site.fetch("/api/orders");
      return await entries(panel).count();
    })
    .toBeGreaterThan(0);
  for (const username of [ADA, "alan@contoso.example"]) {
    stack.provider.revokeSessions();
    await site.signIn(username);
    await site.fetch("/api/orders");
    // The list shows the change.
    await expect(newest).toContainText(username);
  }

  await panel.getByRole("button", { name: "Copy report" }).click();
  await expect(panel.getByRole("status")).toContainText("Copied");
  const report = await site.run(() => navigator.clipboard.readText());
  expect(report).toContain(`GET /api/* → ${READ}: 200`);
  expect(report).not.toMatch(/contoso|ada|alan/i);
});

test("a paused axis keeps the newest 300 requests and events", async ({ site }) => {
  const panel = await openInspector(site);
  await panel.getByRole("button", { name: "Pause" }).click();
  await site.run(async () => {
    const attachment = await window.attached;
    const detail = { resource: "/api/*", scopes: ["api://orders/Data.Read"] };
    for (let count = 0; count < 310; count++) {
      attachment.dispatchEvent(new CustomEvent("interactionrequired", { detail }));
    }
    await Promise.all(Array.from({ length: 310 }, () => fetch("/api/orders")));
  });
  // The first requests may have overtaken the message that tells the worker to report.
  await expect
    .poll(async () => {
      await site.fetch("/api/orders");
      return await panel.locator(".film .course").count();
    })
    .toBe(300);
  await expect(panel.locator(".film .event")).toHaveCount(300);
  await site.fetch("/api/orders/report.csv");
  await expect(panel.locator(".film .course").last()).toHaveAccessibleName(/report\.csv/);
  await expect(panel.locator(".film .course")).toHaveCount(300);
});

test("a request that does not end keeps no later request on the axis", async ({ context, site }) => {
  const panel = await openInspector(site);
  const bars = panel.locator(".film .course");
  await expect
    .poll(async () => {
      await site.fetch("/api/orders");
      return await bars.count();
    })
    .toBeGreaterThan(0);
  await panel.getByRole("button", { name: "Clear" }).click();
  const photo = await holdRequests(context, "**/media/photo?held", "fail");
  const held = site.fetch("api:/media/photo?held");
  await expect(bars).toHaveCount(1);
  for (const count of [2, 3, 4]) {
    await site.fetch("/api/orders");
    await expect(bars).toHaveCount(count);
  }
  await expect(panel.locator(".film .pending")).toHaveCount(1);

  await site.run(() => {
    const { now } = Date;
    Date.now = () => now() + 60_000;
  });
  await expect(bars).toHaveCount(1);
  await expect(bars).toHaveClass(/pending/);
  photo.release();
  await held;
});

test("the panel shows how long each token lasts, also for tokens from before it was opened", async ({
  open,
  stack,
}) => {
  const site = await open({ msal: { system: { tokenRenewalOffsetSeconds: 1 } } });
  await site.signIn();
  await site.fetch("/api/orders");
  stack.provider.settings.accessTokenSeconds = 1;
  await site.fetch("/api/orders", { method: "POST", body: "1" });
  const panel = await openInspector(site);
  const left = (scopes: string) => panel.locator(".tokens li", { hasText: scopes }).locator(".left");

  await expect(left("api://orders/Data.Read")).toHaveText(/^59 min \d+ s left$/);
  const first = await left("api://orders/Data.Read").textContent();
  await expect(left("api://orders/Data.Write")).toHaveText("has ended");
  await expect(left("api://orders/Data.Read")).not.toHaveText(first ?? "");
});

test("“Forget tokens” lets the next request ask the page again, and “Sign in again” brings the user to act, even after they have declined", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.recordRequests();
  await site.signIn();
  const panel = await openInspector(site);
  for (const count of [1, 2]) {
    await site.fetch("/api/orders");
    await expect(entries(panel)).toHaveCount(count);
  }
  await expect(panel.locator(".tokens li")).toHaveCount(1);

  await panel.getByRole("button", { name: "Forget tokens" }).click();
  await expect(panel.getByRole("status")).toHaveText("Forgotten. The next request asks the page.");
  await expect(panel.locator(".tokens li")).toHaveCount(0);
  await site.fetch("/api/orders");

  await expect.poll(() => origins(site)).toEqual(["page", "memory", "page"]);
  await expect(panel.locator(".tokens li")).toHaveCount(1);
  // The identity library still had the token in its cache.
  expect(tokenRequests(stack, "refresh_token")).toHaveLength(1);

  site.endSession();
  await site.useUpClick();
  const post = { method: "POST", body: "1" };
  const declined = site.fetch("/api/orders", post);
  await (await site.dialogShown()).getByRole("button", { name: "Not now" }).click();
  expect(await declined).toMatchObject({ status: 401 });
  expect(await site.fetch("/api/orders", post)).toMatchObject({ status: 401 });

  const popup = page.waitForEvent("popup");
  await panel.getByRole("button", { name: "Sign in again" }).click();
  await expect(panel.getByRole("status")).toHaveText("Waiting for the user.");
  await (await popup).locator(`[data-account="${ADA}"]`).click();
  await expect(panel.getByRole("status")).toHaveText("Signed in. The next request asks the page.");

  expect(await site.fetch("/api/orders", post)).toMatchObject({ status: 201 });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([
    ADA,
    ADA,
    ADA,
    null,
    null,
    ADA,
    ADA,
  ]);
});

test("“Sign in again” names the reason when it fails", async ({ open, page }) => {
  const site = await open({ attach: { interaction: "none" } });
  const panel = await openInspector(site);
  await panel.getByRole("button", { name: "Sign in again" }).click();
  await expect(panel.getByRole("status")).toHaveText(
    /^Not signed in: the user has to act, .+ \(interaction_disabled\)\.$/,
  );
  expect(page.context().pages()).toHaveLength(1);
});

test("the panel shows whether the worker is in control, bypassed or gone, and how many messages were ignored", async ({
  context,
  open,
  page,
  stack,
}) => {
  const site = await open();
  const panel = await openInspector(site);
  const fact = (name: string) =>
    panel.locator(".status div", { has: page.getByText(name, { exact: true }) }).locator("dd");
  await expect(fact("Worker")).toHaveText("in control, activated");
  await expect(fact("Script")).toHaveText("/bearer-sw.js, scope /");
  await expect(fact("Account")).toHaveText("nobody is signed in");
  await expect(panel.getByText("Ignored messages")).toBeHidden();

  await site.signIn();
  await context.serviceWorkers()[0]?.evaluate(async () => {
    const worker = self as unknown as { clients: { matchAll(): Promise<Window[]> } };
    for (const client of await worker.clients.matchAll()) client.postMessage({ bearerWorker: 99 });
  });
  await site.run(() => navigator.serviceWorker.controller?.postMessage({ bearerWorker: 99 }));
  await site.fetch("/api/orders");
  await expect(fact("Ignored messages")).toHaveText("1 by the page, 1 by the worker");
  await expect(fact("Account")).toHaveText(ADA);

  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  const bypassing = async (bypass: boolean): Promise<void> => {
    await cdp.send("Network.setBypassServiceWorker", { bypass });
    await site.run(() => dispatchEvent(new FocusEvent("focus")));
  };
  await bypassing(true);
  await expect(fact("Worker")).toHaveText(/^bypassed/);
  await bypassing(false);
  expect(stack.site.received.some(({ method, path }) => method === "HEAD" && path === "/bearer-sw.js")).toBe(
    true,
  );

  await site.unregister();
  await expect(fact("Worker")).toContainText("registered no more");
});

test("the panel says that attachTokens failed", async ({ page, stack }) => {
  stack.site.override("/bearer-sw.js", { status: 404 });
  const site = await SitePage.of(page, stack);
  await page.goto(site.url({}));
  await site.run(async (module) => {
    const { openInspector } = (await import(module)) as typeof inspector;
    openInspector(window.attached);
  }, INSPECTOR);

  const panel = inspectorPanel(page);
  await expect(panel.getByRole("alert")).toContainText(
    "attachTokens failed: the browser refused the worker’s script (worker_registration_failed)",
  );
  await expect(panel.getByRole("button", { name: "Forget tokens" })).toBeDisabled();
  await expect(panel.getByText("not registered")).toBeVisible();
  await expect(panel.getByText("Account")).toBeHidden();

  await site.run(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await panel.getByRole("button", { name: "Copy report" }).click();
  await expect(panel.getByRole("status")).toHaveText("Not copied: the browser does not allow it.");
});

test("the live regions are there before their first text, so that it is announced", async ({ site }) => {
  const panel = await openInspector(site);
  for (const role of ["status", "alert"] as const) {
    await expect(panel.getByRole(role)).toHaveCount(1);
    await expect(panel.getByRole(role)).toHaveText("");
  }
});

test("a panel that cannot be opened leaves the button that opens it", async ({ site, page }) => {
  const panel = await openInspector(site);
  await panel.getByRole("button", { name: "Close" }).click();
  await site.run(() => {
    const inspector = document.querySelector("bearer-inspector") as BearerInspector;
    inspector.account = () => {
      inspector.account = null;
      throw new Error("This site has no accounts yet");
    };
  });
  const opener = page.getByRole("button", { name: "Tokens" });
  const reported = page.waitForEvent("pageerror");
  await opener.click();
  expect((await reported).message).toContain("no accounts yet");
  await opener.click();
  await panelWorks(panel);
});

test("the element keeps an attachment from before its definition, and works under a strict policy", async ({
  open,
  page,
  stack,
}) => {
  const policy = `default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self' ${stack.api.origin} ${stack.provider.origin}; frame-src 'self' ${stack.provider.origin}; require-trusted-types-for 'script'; trusted-types bearer-worker`;
  stack.site.override("/", {
    headers: { "Content-Security-Policy": policy },
    body: `<!doctype html><html lang="en"><title>Strict</title>
      <script src="/demo-config.js"></script><script src="/bearer-page.js"></script><script src="/site.js"></script>
      <body><bearer-inspector open></bearer-inspector>`,
  });
  const violations = policyViolations(page.context());
  const site = await open();
  await site.signIn();
  await site.run(() => {
    (document.querySelector("bearer-inspector") as BearerInspector).attachment = window.attached;
  });
  // By `import`, since the policy lets no string become a script element's URL.
  await site.run(async (module) => void (await import(module)), "/bearer-inspector.js");

  const panel = inspectorPanel(page);
  await panelWorks(panel);
  await expect
    .poll(async () => {
      await site.fetch("/api/orders");
      return await entries(panel).count();
    })
    .toBeGreaterThan(0);
  const { borderRadius, width } = await panel.evaluate((section) => {
    const { borderRadius, width } = getComputedStyle(section.querySelector(".panel") ?? section);
    return { borderRadius, width };
  });
  expect({ borderRadius, width }).toEqual({ borderRadius: "12px", width: "480px" });
  expect(
    await page.evaluate(() => (document.querySelector("bearer-inspector") as BearerInspector).open),
  ).toBe(true);
  expect(violations).toEqual([]);
});
