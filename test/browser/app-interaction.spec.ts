import {
  authorizations,
  expect,
  needUser,
  received,
  replaceScript,
  type SitePage,
  test,
} from "./fixtures.ts";

const ADA = "ada@contoso.example";
const account = `[data-account="${ADA}"]`;

/** The bar of a site that shows no dialog: hidden until it is needed. */
const BAR = `document.body.innerHTML =
  '<p id=bar hidden>Please <button id=again>sign in again</button> or <button id=later>later</button></p>'`;

/** Attaches with an `interaction` of the app's own, as its script would have it. */
const attach = (interaction: string): string => `bearerWorker.attachTokens(window.msal, {
  protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
  ${interaction}
}).then((attachment) => {
  attachment.addEventListener("tokenfailed", ({ detail }) => window.events.push({ type: "tokenfailed", ...detail }));
  return attachment;
})`;

/** The five lines of the README. */
const FIVE_LINES = `interaction({ popup, decline, signal }) {
  bar.hidden = false;
  again.onclick = popup;
  later.onclick = decline;
  signal.onabort = () => (bar.hidden = true);
},`;

test("an app shows its own bar instead of the dialog, with five lines", async ({ open, page, stack }) => {
  replaceScript(stack, attach(FIVE_LINES));
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  const site = await open();
  await site.run(BAR);
  await needUser(site);
  await expect(page.locator("#bar")).toBeHidden();

  const waiting = site.fetch("/api/orders");
  await expect(page.locator("#bar")).toBeVisible();
  // Who closes the popup may click again.
  for (const closes of [true, false]) {
    const opened = page.waitForEvent("popup");
    await page.locator("#again").click();
    const popup = await opened;
    await (closes ? popup.close() : popup.locator(account).click());
  }

  expect(await waiting).toMatchObject({ status: 200 });
  await expect(page.locator("#bar")).toBeHidden();
  await expect(site.dialog).toHaveCount(0);
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
  expect(problems).toEqual([]);
});

test("the same bar declines, and stays away then", async ({ open, page, stack }) => {
  replaceScript(stack, attach(FIVE_LINES));
  const site = await open();
  await site.run(BAR);
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await page.locator("#later").click();

  expect(await waiting).toMatchObject({ status: 401 });
  await expect(page.locator("#bar")).toBeHidden();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  await expect(page.locator("#bar")).toBeHidden();
  expect(await site.events("tokenfailed")).toMatchObject([
    { code: "interaction_declined" },
    { code: "interaction_declined" },
  ]);
});

for (const where of ["here", "in another tab"]) {
  test(`it goes away when the user signs in by the site's own button, ${where}`, async ({
    context,
    open,
    page,
    stack,
  }) => {
    replaceScript(stack, attach(FIVE_LINES));
    const site = await open();
    const other = await open({}, await context.newPage());
    await site.run(BAR);
    await needUser(site);

    const waiting = site.fetch("/api/orders");
    await expect(page.locator("#bar")).toBeVisible();
    await (where === "here" ? site : other).signIn();

    expect(await waiting).toMatchObject({ status: 200 });
    await expect(page.locator("#bar")).toBeHidden();
    expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
  });
}

test("it may redirect, and the user returns", async ({ open, page, stack }) => {
  replaceScript(stack, attach(`interaction: ({ redirect }) => void (window.onpointerdown = redirect),`));
  const site = await open();
  await needUser(site);
  const left = page.url();

  await site.run(`void fetch("/api/orders").catch(({ name }) => sessionStorage.setItem("ended", name))`);
  await expect.poll(() => site.run("typeof window.onpointerdown")).toBe("function");
  await page.mouse.click(5, 5);
  await page.locator(account).click();
  await page.waitForURL(left);
  await site.attached();

  expect(await site.run("sessionStorage.ended")).toBe("TypeError");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("it learns which resource needs the user, for which scopes, and why it is asked again", async ({
  open,
  page,
  stack,
}) => {
  replaceScript(
    stack,
    attach(`async interaction({ resource, scopes, trouble, signal, popup }) {
      (window.asked ??= []).push([new URL(resource).pathname, ...scopes, trouble, signal.aborted]);
      if (navigator.userActivation.isActive) return;
      await popup();
    },`),
  );
  const site = await open();
  await needUser(site);

  // A popup without a click is blocked, and the next request may ask again.
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(await site.run("window.asked")).toEqual([
    ["/api/*", "api://orders/Data.Read", null, false],
    ["/api/*", "api://orders/Data.Read", null, false],
  ]);
  expect(await site.events("tokenfailed")).toMatchObject([
    { code: "popup_blocked" },
    { code: "popup_blocked" },
  ]);
  expect(page.context().pages()).toHaveLength(1);
});

for (const [returns, code] of [
  ["false", "interaction_declined"],
  ["Promise.resolve(false)", "interaction_declined"],
  ["Promise.reject(new Error('no bar'))", "interaction_failed"],
  ["true", "interaction_required"],
] as const) {
  test(`one that returns ${returns} ends the request with ${code}, without a loop`, async ({
    open,
    stack,
  }) => {
    replaceScript(
      stack,
      attach(`interaction() { window.asked = (window.asked ?? 0) + 1; return ${returns} },`),
    );
    const site = await open();
    await needUser(site);

    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

    expect(await site.run("window.asked")).toBeLessThanOrEqual(2);
    expect(await site.events("tokenfailed")).toMatchObject([{ code, outcome: "bare" }]);
    expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
  });
}

test("listeners of all events go with an AbortSignal", async ({ open }) => {
  const site = await open();
  await site.run(`window.attached.then((attachment) => {
    window.heard = [];
    window.deaf = new AbortController();
    for (const type of ["tokenacquired", "tokenfailed", "interactionrequired", "request"]) {
      attachment.addEventListener(type, (event) => window.heard.push(event.type), { signal: window.deaf.signal });
    }
  })`);
  await needUser(site);
  const declineOne = async (): Promise<void> => {
    const waiting = site.fetch("/api/orders");
    await site.dialogShown();
    await site.page.keyboard.press("Escape");
    await waiting;
  };

  await declineOne();
  await expect
    .poll(() => site.run<string[]>("window.heard.toSorted()"))
    .toEqual(["interactionrequired", "request", "tokenfailed"]);
  await site.signIn();
  await site.fetch("/api/orders");
  await expect
    .poll(() => site.run<string[]>("window.heard.toSorted()"))
    .toEqual(["interactionrequired", "request", "request", "tokenacquired", "tokenfailed"]);
  expect(await site.run("window.attached.then(({ observing }) => observing)")).toBe(true);

  await site.run("window.deaf.abort()");
  expect(await site.run("window.attached.then(({ observing }) => observing)")).toBe(false);
  const before = (await site.events("tokenacquired")).length;
  await site.fetch("/api/orders", { method: "POST", body: "x" });
  // Others still hear.
  expect(await site.events("tokenacquired")).toHaveLength(before + 1);
  expect(await site.run("window.heard.length")).toBe(5);
});

/** The app's own popup, with the outcome of its promise in `window.own`. */
async function ownPopup(site: SitePage) {
  const opened = site.page.waitForEvent("popup");
  await site.page.evaluate((loginHint) => {
    const request = { scopes: ["openid"], loginHint };
    Object.assign(window, { own: "pending" });
    window.msal.acquireTokenPopup(request).then(
      () => Object.assign(window, { own: "signed in" }),
      ({ errorCode }) => Object.assign(window, { own: errorCode as string }),
    );
  }, ADA);
  const popup = await opened;
  await popup.locator(account).waitFor();
  return popup;
}

for (const interaction of ["prompt", "popup", "redirect"] as const) {
  test(`an interaction that the app has begun itself is left alone, and serves the request (${interaction})`, async ({
    open,
    page,
    stack,
  }) => {
    const site = await open({ attach: { interaction } });
    await needUser(site);
    const left = page.url();
    const popup = await ownPopup(site);

    const waiting = site.fetch("/api/orders");
    await expect.poll(() => site.events("interactionrequired")).toHaveLength(1);
    if (interaction === "prompt") await site.dialogShown();
    await popup.locator(account).click();

    expect(await waiting).toMatchObject({ status: 200 });
    await expect.poll(() => site.run("window.own")).toBe("signed in");
    await expect(site.dialog).toHaveCount(0);
    expect(page.url()).toBe(left);
    expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
  });
}

test("who clicks in the dialog while the app's own popup is open gets a new one with the second click", async ({
  open,
  stack,
}) => {
  const site = await open();
  await needUser(site);
  const own = await ownPopup(site);
  const waiting = site.fetch("/api/orders");
  const dialog = await site.dialogShown();

  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("status")).toContainText("in the window that has opened");
  await own.close();
  await (await site.openPopup("Try again")).locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("after a popup that the user closed, the site's own sign-in works at once", async ({ open, page }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await (await site.openPopup()).close();
  await expect(site.dialog).toContainText("was closed");
  await page.keyboard.press("Escape");
  expect(await waiting).toMatchObject({ status: 401 });

  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test("who declines while the popup is open closes it", async ({ open, page }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  const popup = await site.openPopup();
  await popup.locator(account).waitFor();
  const closed = popup.waitForEvent("close");
  await page.bringToFront();
  await page.keyboard.press("Escape");

  expect(await waiting).toMatchObject({ status: 401 });
  await closed;
});

test("a page that detaches takes its dialog away", async ({ open }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  await site.run("window.attached.then((attachment) => attachment.detach())");

  await expect(site.dialog).toHaveCount(0);
  expect((await waiting).status).not.toBe(200);
});

test("a popup that stays open for two minutes still signs in, and the request has waited", async ({
  open,
  stack,
}) => {
  test.setTimeout(200_000);
  const site = await open();
  await needUser(site);

  const startedAt = Date.now();
  const waiting = site.fetch("/api/orders");
  const popup = await site.openPopup();
  await popup.locator(account).waitFor();
  // A page whose clock is wound on leaves the worker's behind, and what Chromium allows it to wait.
  await popup.waitForTimeout(122_000); // By the clock: two real minutes are what is tested, and no event ends them.
  await expect(site.dialog.getByRole("status")).toContainText("Finish signing in");
  await popup.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(Date.now() - startedAt).toBeGreaterThan(120_000);
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);
});
