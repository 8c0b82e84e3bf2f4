import type { BrowserContext, Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, received, SitePage } from "./fixtures.ts";
import { test } from "./real-tabs.ts";

const ADA = "ada@contoso.example";
const account = `[data-account="${ADA}"]`;

/** Opens tabs of one site and one user. Each needs the user for its next token. The last tab is in front. */
async function openTabs(context: BrowserContext, stack: Stack, count: number): Promise<SitePage[]> {
  const tabs: SitePage[] = [];
  for (let i = 0; i < count; i++) {
    const tab = await SitePage.open(await context.newPage(), stack);
    // In sessionStorage each tab signs in by itself; the provider remembers the user.
    if (i === 0) await tab.signIn();
    else await tab.signInSilently();
    await tab.useUpClick();
    tabs.push(tab);
  }
  tabs[0]?.endSession();
  return tabs;
}

/** How many dialogs each tab shows. */
const dialogs = (tabs: readonly SitePage[]): Promise<number[]> =>
  Promise.all(
    tabs.map((tab) =>
      tab.run(
        () =>
          [...document.querySelectorAll("div")].filter((host) =>
            host.shadowRoot?.querySelector("dialog[open]"),
          ).length,
      ),
    ),
  );

const visibility = (tab: SitePage): Promise<DocumentVisibilityState> =>
  tab.run(() => document.visibilityState);

const inFront = async (tab: SitePage): Promise<void> => {
  await tab.page.bringToFront();
  await expect.poll(() => visibility(tab)).toBe("visible");
};

/** Sign-ins that the provider showed to the user. */
const signIns = ({ provider }: Stack) =>
  provider.requests.filter(({ endpoint, prompt }) => endpoint === "authorize" && prompt !== "none").length;

/** Requests whose scopes differ, so that each tab needs a token of its own. */
const fetches = [
  (tab: SitePage) => tab.fetch("/api/orders"),
  (tab: SitePage) => tab.fetch("/api/orders", { method: "POST", body: "x" }),
  (tab: SitePage) => tab.fetch("api:/media/photo"),
] as const;

const authorizations = (stack: Stack) =>
  stack.api.received.map(({ authorization, token }) => `${authorization} ${token?.username}`);

test("three tabs that need the user at once show one dialog, and all get their tokens afterwards", async ({
  context,
  stack,
}) => {
  // All tabs count as visible here, so the lock alone decides.
  const tabs = await openTabs(context, stack, 3);
  const before = signIns(stack);

  const waiting = Promise.all(fetches.map((fetch, i) => fetch(tabs[i] as SitePage)));
  await expect.poll(async () => (await dialogs(tabs)).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  const asking = tabs[(await dialogs(tabs)).indexOf(1)] as SitePage;
  const popup = await asking.openPopup();
  expect((await dialogs(tabs)).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  await popup.locator(account).click();

  expect((await waiting).map(({ status }) => status)).toEqual([200, 201, 200]);
  expect(await dialogs(tabs)).toEqual([0, 0, 0]);
  expect(signIns(stack) - before).toBe(1);
  expect(authorizations(stack)).toEqual(Array(3).fill(`bearer ${ADA}`));
});

test("another tab shows the dialog when its tab is closed, and the other tabs' requests complete", async ({
  context,
  stack,
}) => {
  const tabs = await openTabs(context, stack, 3);

  const waiting = fetches.map((fetch, i) => fetch(tabs[i] as SitePage).catch(() => null));
  await expect.poll(async () => (await dialogs(tabs)).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  const asking = (await dialogs(tabs)).indexOf(1);
  await tabs[asking]?.page.close();
  const left = tabs.filter((_, i) => i !== asking);
  await expect.poll(async () => (await dialogs(left)).toSorted((a, b) => a - b)).toEqual([0, 1]);
  const next = left[(await dialogs(left)).indexOf(1)] as SitePage;
  await (await next.openPopup()).locator(account).click();

  const got = await Promise.all(waiting.filter((_, i) => i !== asking));
  expect(got.map((answer) => Math.floor((answer?.status ?? 0) / 100))).toEqual([2, 2]);
  // The closed tab's request may have gone out, too: the worker asks another tab for its token.
  expect(authorizations(stack).length).toBeGreaterThanOrEqual(2);
  await expect.poll(() => new Set(authorizations(stack))).toEqual(new Set([`bearer ${ADA}`]));
});

test("a user who declines in one tab has declined in every tab that waits", async ({ context, stack }) => {
  const tabs = await openTabs(context, stack, 2);

  const waiting = Promise.all([fetches[0](tabs[0] as SitePage), fetches[2](tabs[1] as SitePage)]);
  await expect.poll(async () => (await dialogs(tabs)).toSorted((a, b) => a - b)).toEqual([0, 1]);
  const asking = tabs[(await dialogs(tabs)).indexOf(1)] as SitePage;
  await asking.page.keyboard.press("Escape");

  expect((await waiting).map(({ status }) => status)).toEqual([401, 401]);
  expect(await dialogs(tabs)).toEqual([0, 0]);
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["none", "none"]);
});

test("two tabs whose requests share a question both hear that the user declined", async ({
  context,
  stack,
}) => {
  const tabs = await openTabs(context, stack, 2);
  for (const tab of tabs) {
    await tab.run(() =>
      window.attached.then((attachment) => {
        attachment.addEventListener("requestpending", ({ detail: { waitsFor } }) =>
          window.events.push({ type: "requestpending", waitsFor }),
        );
        // The worker reports to pages that listen to this event.
        attachment.addEventListener("request", () => undefined);
      }),
    );
  }

  const waiting = Promise.all(tabs.map((tab) => tab.fetch("/api/orders")));
  for (const tab of tabs) {
    await expect.poll(() => tab.events("requestpending")).toMatchObject([{ waitsFor: "page" }]);
  }
  await expect.poll(async () => (await dialogs(tabs)).toSorted((a, b) => a - b)).toEqual([0, 1]);
  const asking = tabs[(await dialogs(tabs)).indexOf(1)] as SitePage;
  await asking.page.keyboard.press("Escape");

  expect((await waiting).map(({ status }) => status)).toEqual([401, 401]);
  for (const tab of tabs) {
    await expect
      .poll(() => tab.events("tokenfailed"))
      .toMatchObject([{ code: "interaction_declined", outcome: "bare", scopes: ["api://orders/Data.Read"] }]);
  }
});

test("a hidden tab's question moves to the tab that the user sees, who accepts or declines it there", async ({
  tabs,
  stack,
}) => {
  const [hidden, seen] = (await openTabs(tabs, stack, 2)) as [SitePage, SitePage];
  await inFront(hidden);

  const accepted = hidden.fetch("/api/orders");
  await hidden.dialogShown();
  // The user sees another site first, which shows no dialog, and then the site's second tab.
  await (await tabs.newPage()).bringToFront();
  await expect.poll(() => dialogs([hidden, seen])).toEqual([0, 0]);
  await inFront(seen);
  await expect.poll(() => dialogs([hidden, seen])).toEqual([0, 1]);
  await (await seen.openPopup()).locator(account).click();

  expect(await accepted).toMatchObject({ status: 200 });
  expect(await visibility(hidden)).toBe("hidden");
  expect(await dialogs([hidden, seen])).toEqual([0, 0]);
  expect(received(stack, "/api/orders")).toEqual([
    { authorization: "bearer", user: ADA, audience: "api://orders" },
  ]);

  stack.api.reset();
  hidden.endSession();
  // The click that opened the popup still counts, and would open another one in place of the dialog.
  await seen.useUpClick();
  await inFront(seen);
  const declined = hidden.fetch("api:/media/photo");
  await expect.poll(() => dialogs([hidden, seen])).toEqual([0, 1]);
  await seen.page.keyboard.press("Escape");

  expect(await declined).toMatchObject({ status: 401 });
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["none"]);
});

test("the dialog comes back with the user, and says what happened to the popup", async ({ tabs, stack }) => {
  const [site] = (await openTabs(tabs, stack, 1)) as [SitePage];
  const elsewhere = await tabs.newPage();
  await inFront(site);

  const waiting = site.fetch("/api/orders");
  await (await site.openPopup()).close();
  await expect(site.dialog).toContainText("was closed");
  await elsewhere.bringToFront();
  await expect.poll(() => dialogs([site])).toEqual([0]);
  await inFront(site);
  await site.dialogShown();
  await expect(site.dialog).toContainText("was closed");
  await (await site.openPopup("Try again")).locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
});

test("a hidden tab still asks while its popup is open, and no other tab does", async ({ tabs, stack }) => {
  const [site, other] = (await openTabs(tabs, stack, 2)) as [SitePage, SitePage];
  const before = signIns(stack);
  await inFront(site);

  const first = site.fetch("/api/orders");
  const popup = await site.openPopup();
  await popup.locator(account).waitFor();
  await inFront(other);
  const second = other.fetch("api:/media/photo");
  await expect.poll(() => visibility(site)).toBe("hidden");
  // The other tab waits for the lock.
  await expect
    .poll(() =>
      other.run(async () => {
        const { held, pending } = await navigator.locks.query();
        return [held?.length, pending?.length];
      }),
    )
    .toEqual([1, 1]);
  expect(await dialogs([site, other])).toEqual([1, 0]);
  await popup.locator(account).click();

  expect(await first).toMatchObject({ status: 200 });
  expect(await second).toMatchObject({ status: 200 });
  expect(signIns(stack) - before).toBe(1);
});

/** Isolates every page of an origin from the window that opened it. */
const isolate = (context: BrowserContext, origin: string): Promise<unknown> =>
  context.route(`${origin}/**`, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    const headers = { ...response.headers(), "cross-origin-opener-policy": "same-origin" };
    await route.fulfill({ response, headers });
  });

/** Waits until the page has looked for its popup so many times. It takes 21 looks for a closed one. */
async function looksForPopup(site: SitePage, times: number): Promise<void> {
  type LookingWindow = typeof window & { looks: number };
  await site.run(() => {
    const looking = window as LookingWindow;
    looking.looks = 0;
    // The page cannot reach the popup: it asks for its own focus alone.
    document.hasFocus = () => {
      looking.looks++;
      return Document.prototype.hasFocus.call(document);
    };
  });
  await expect.poll(() => site.run(() => (window as LookingWindow).looks)).toBeGreaterThan(times);
  await site.run(() => void Reflect.deleteProperty(document, "hasFocus"));
}

for (const party of ["site", "provider"] as const) {
  const title = `the dialog tells an open popup from a closed one under the ${party}'s Cross-Origin-Opener-Policy`;
  test(title, { tag: "@windows" }, async ({ context, stack }) => {
    const [site] = (await openTabs(context, stack, 1)) as [SitePage];
    const elsewhere = await context.newPage();
    if (party === "provider") await isolate(context, stack.provider.origin);
    else {
      stack.site.override("/", { headers: { "Cross-Origin-Opener-Policy": "same-origin" } });
      await site.page.reload();
      await site.attached();
    }
    // Without this emulation the page can lose the focus and stay visible, as on a desktop.
    const cdp = await context.newCDPSession(site.page);
    await cdp.send("Emulation.setFocusEmulationEnabled", { enabled: false });
    await site.page.bringToFront();
    /** A headless browser has no window manager: another window takes the focus instead of the popup. */
    const openPopup = async (button: string): Promise<Page> => {
      const dialog = await site.dialogShown();
      const opened = context.waitForEvent("page");
      await dialog.getByRole("button", { name: button }).click();
      await elsewhere.bringToFront();
      return await opened;
    };
    const status = site.dialog.getByRole("status");

    const waiting = site.fetch("/api/orders");
    const popup = await openPopup("Sign in");
    await popup.locator(account).waitFor();
    expect(await popup.evaluate(() => window.opener === null)).toBe(true);
    expect(await site.run(() => document.hasFocus())).toBe(false);
    expect(await visibility(site)).toBe("visible");
    await looksForPopup(site, 30);
    await expect(status).toContainText("Finish signing in");
    await popup.close();
    await site.page.bringToFront();
    await expect(status).toContainText("was closed");
    const again = await openPopup("Try again");
    await again.locator(account).click();

    expect(await waiting).toMatchObject({ status: 200 });
    expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
  });
}

test("a popup that the user has lost is announced once its page has the focus again, comes to the front, and closes when declined", async ({
  tabs,
  stack,
}) => {
  const [site] = (await openTabs(tabs, stack, 1)) as [SitePage];
  const elsewhere = await tabs.newPage();
  const cdp = await tabs.newCDPSession(site.page);
  await cdp.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  await inFront(site);
  await site.run(() => {
    const button = document.body.appendChild(document.createElement("button"));
    button.onclick = async () => (button.textContent = String((await fetch("/api/orders")).status));
  });
  const opened = tabs.waitForEvent("page");
  await site.page.locator("button").click();
  const popup = await opened;
  await elsewhere.bringToFront();
  await popup.locator(account).waitFor();
  await looksForPopup(site, 4);
  expect(await dialogs([site])).toEqual([0]);

  await site.page.bringToFront();
  const dialog = await site.dialogShown();
  await expect(dialog).toHaveAccessibleDescription(/^Finish signing in/);
  await dialog.getByRole("button", { name: "Show the window" }).click();
  await expect.poll(() => popup.evaluate(() => document.hasFocus())).toBe(true);
  expect(tabs.pages().filter((page) => page.url().startsWith(stack.provider.origin))).toHaveLength(1);

  await site.page.bringToFront();
  await dialog.getByRole("button", { name: "Not now" }).click();
  await expect(site.page.locator("button")).toHaveText("401");
  expect(popup.isClosed()).toBe(true);
});

test("a popup that only looked closed still signs in", async ({ tabs, stack }) => {
  stack.site.override("/", { headers: { "Cross-Origin-Opener-Policy": "same-origin" } });
  const [site] = (await openTabs(tabs, stack, 1)) as [SitePage];
  await inFront(site);

  const waiting = site.fetch("/api/orders");
  const opened = tabs.waitForEvent("page");
  await (await site.dialogShown()).getByRole("button", { name: "Sign in" }).click();
  // The page has kept the focus, and cannot reach the popup.
  await expect(site.dialog).toContainText("was closed");
  await (await opened).locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  await expect(site.dialog).toHaveCount(0);
});
