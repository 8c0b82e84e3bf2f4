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

/** Runs in the page: adds the bar of a site that shows no dialog, hidden until it is needed. */
const addBar = (): void => {
  document.body.innerHTML =
    "<p id=bar hidden>Please <button id=again>sign in again</button> or <button id=later>later</button></p>";
};

/** The script of an app that attaches tokens with an `interaction` of its own. */
const attach = (interaction: string): string => `bearerWorker.attachTokens(window.msal, {
  protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
  ${interaction}
}).then((attachment) => {
  attachment.addEventListener("tokenfailed", ({ detail }) => window.events.push({ type: "tokenfailed", ...detail }));
  return attachment;
})`;

/** The five lines of docs/interaction.md. */
const FIVE_LINES = `interaction({ popup, decline, signal }) {
  bar.hidden = false;
  again.onclick = popup;
  later.onclick = decline;
  signal.onabort = () => (bar.hidden = true);
},`;

test("An app shows its own bar instead of the dialog, with five lines", async ({ open, page, stack }) => {
  replaceScript(stack, attach(FIVE_LINES));
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  const site = await open();
  await site.run(addBar);
  await needUser(site);
  await expect(page.locator("#bar")).toBeHidden();

  const waiting = site.fetch("/api/orders");
  await expect(page.locator("#bar")).toBeVisible();
  // A user who has closed the popup may click again.
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

test("The app's bar declines, and stays hidden for the next request", async ({ open, page, stack }) => {
  replaceScript(stack, attach(FIVE_LINES));
  const site = await open();
  await site.run(addBar);
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

for (const where of ["in the same tab", "in another tab"]) {
  test(`The app's bar is hidden when the user signs in by the site's own button ${where}`, async ({
    context,
    open,
    page,
    stack,
  }) => {
    replaceScript(stack, attach(FIVE_LINES));
    const site = await open();
    const other = await open({}, await context.newPage());
    await site.run(addBar);
    await needUser(site);

    const waiting = site.fetch("/api/orders");
    await expect(page.locator("#bar")).toBeVisible();
    await (where === "in the same tab" ? site : other).signInByPopup();

    expect(await waiting).toMatchObject({ status: 200 });
    await expect(page.locator("#bar")).toBeHidden();
    expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
  });
}

test("An app's interaction may redirect, and the user returns", async ({ open, page, stack }) => {
  replaceScript(stack, attach(`interaction: ({ redirect }) => void (window.onpointerdown = redirect),`));
  const site = await open();
  await needUser(site);
  const left = page.url();

  await site.run(() => {
    fetch("/api/orders").catch(({ name }: Error) => sessionStorage.setItem("ended", name));
  });
  await expect.poll(() => site.run(() => typeof window.onpointerdown)).toBe("function");
  await page.mouse.click(5, 5);
  await page.locator(account).click();
  await page.waitForURL(left);
  await site.attached();

  expect(await site.run(() => sessionStorage.getItem("ended"))).toBe("TypeError");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test(
  "An app's interaction is given the resource and the scopes, and is asked again after a blocked popup",
  { tag: "@windows" },
  async ({ open, page, stack }) => {
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

    // The browser blocks a popup without a click. The next request asks again.
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

    expect(await site.global("asked")).toEqual([
      ["/api/*", "api://orders/Data.Read", null, false],
      ["/api/*", "api://orders/Data.Read", null, false],
    ]);
    expect(await site.events("tokenfailed")).toMatchObject([
      { code: "popup_blocked" },
      { code: "popup_blocked" },
    ]);
    expect(page.context().pages()).toHaveLength(1);
  },
);

for (const [returns, code] of [
  ["false", "interaction_declined"],
  ["Promise.resolve(false)", "interaction_declined"],
  ["Promise.reject(new Error('no bar'))", "interaction_failed"],
  ["true", "interaction_required"],
] as const) {
  test(`An app's interaction that returns ${returns} ends the request with ${code}, without a loop`, async ({
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

    expect(await site.global("asked")).toBeLessThanOrEqual(2);
    expect(await site.events("tokenfailed")).toMatchObject([{ code, outcome: "bare" }]);
    expect(authorizations(stack, "/api/orders")).toEqual(["none"]);
  });
}

test("An AbortSignal removes the listeners of all events", async ({ open }) => {
  const site = await open();
  await site.run(async () => {
    const attachment = await window.attached;
    const heard: string[] = [];
    const deaf = new AbortController();
    Object.assign(window, { heard, deaf });
    for (const type of ["tokenacquired", "tokenfailed", "interactionrequired", "request"] as const) {
      attachment.addEventListener(type, (event) => void heard.push(event.type), { signal: deaf.signal });
    }
  });
  const heard = async (): Promise<string[]> => (await site.global<string[]>("heard")).sort();
  const isObserving = (): Promise<boolean> => site.run(async () => (await window.attached).observing);
  await needUser(site);
  const declineOne = async (): Promise<void> => {
    const waiting = site.fetch("/api/orders");
    await site.dialogShown();
    await site.page.keyboard.press("Escape");
    await waiting;
  };

  await declineOne();
  await expect.poll(heard).toEqual(["interactionrequired", "request", "tokenfailed"]);
  await site.signInByPopup();
  await site.fetch("/api/orders");
  await expect
    .poll(heard)
    .toEqual(["interactionrequired", "request", "request", "tokenacquired", "tokenfailed"]);
  expect(await isObserving()).toBe(true);

  await site.run(() => (window as unknown as { deaf: AbortController }).deaf.abort());
  expect(await isObserving()).toBe(false);
  const before = (await site.events("tokenacquired")).length;
  await site.fetch("/api/orders", { method: "POST", body: "x" });
  // Other listeners are still called.
  expect(await site.events("tokenacquired")).toHaveLength(before + 1);
  expect(await heard()).toHaveLength(5);
});

/** Opens a popup by the app's own call of MSAL, and leaves the outcome of its promise in `window.own`. */
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
  test(`An interaction that the app itself has begun is left alone, and serves the request (${interaction})`, async ({
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
    await expect.poll(() => site.global("own")).toBe("signed in");
    await expect(site.dialog).toHaveCount(0);
    expect(page.url()).toBe(left);
    expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
  });
}

test("A click in the dialog waits for the app's own popup, and the second click opens a new one", async ({
  open,
  stack,
}) => {
  const site = await open();
  await needUser(site);
  const own = await ownPopup(site);
  const waiting = site.fetch("/api/orders");
  const dialog = await site.dialogShown();

  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog.getByRole("status")).toContainText("in the window that has opened");
  await own.close();
  await (await site.openPopup("Show the window")).locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("The site's own sign-in works at once after the user has closed a popup", async ({ open, page }) => {
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

test("Declining while the popup is open closes it, and the site's own popup opens at once", async ({
  open,
  page,
}) => {
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
  await site.signInByPopup();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
});

test("Detaching removes the dialog", async ({ open }) => {
  const site = await open();
  await needUser(site);

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  await site.run(async () => (await window.attached).detach());

  await expect(site.dialog).toHaveCount(0);
  expect((await waiting).status).toBe(401);
});
