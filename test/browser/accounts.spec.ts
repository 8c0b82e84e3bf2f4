import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, received, type SitePage, test } from "./fixtures.ts";
import { bundlePage, MSAL_FOLDERS, msalVersion } from "./msal-versions.ts";
import { fetchInWebWorker } from "./web-worker.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

/** The newest version of each major one serves for a sign-in in another tab. */
const OLDEST: readonly string[] = ["msal-browser-3-oldest", "msal-browser-oldest"];

declare global {
  interface Window {
    /** How many sign-ins in other tabs this tab has heard of. */
    signIns: number;
  }
}

/**
 * Counts the sign-ins that a tab hears of from now on. MSAL 4 and 5 lose an account that they are asked for before its data has
 * come, so a test makes no request until then.
 */
const countSignIns = (site: SitePage): Promise<void> =>
  site.run(() => {
    window.signIns = 0;
    const { clientId } = window.msal.getConfiguration().auth;
    new BroadcastChannel(`bearer-worker:${clientId}`).onmessage = ({ data }) => {
      if (typeof data.signedIn === "string") window.signIns += 1;
    };
  });

/** Signs both accounts in; Alan's is the active one. */
async function signInBoth(site: SitePage, stack: Stack): Promise<void> {
  await site.signIn(ADA);
  stack.provider.revokeSessions();
  await site.signIn(ALAN);
}

test("Two users in two tabs each have their own token, and a web worker, which has no tab, has none", async ({
  open,
  page,
  stack,
}) => {
  const first = await open();
  const second = await open({}, await page.context().newPage());
  await first.signIn(ADA);
  stack.provider.revokeSessions();
  await second.signIn(ALAN);

  expect(await first.run(fetchInWebWorker, "/api/orders?worker")).toBe(401);
  for (let i = 0; i < 3; i++) {
    expect(await first.fetch("/api/orders?first")).toMatchObject({ body: { caller: { user: ADA } } });
    expect(await second.fetch("/api/orders?second")).toMatchObject({ body: { caller: { user: ALAN } } });
  }
  // Both users' tokens are in the worker's memory now.
  expect(await first.run(fetchInWebWorker, "/api/orders?worker")).toBe(401);

  const users = (query: string) =>
    stack.api.received
      .filter((request) => request.query === query)
      .map(({ authorization, token }) => token?.username ?? authorization);
  expect(users("first")).toEqual([ADA, ADA, ADA]);
  expect(users("second")).toEqual([ALAN, ALAN, ALAN]);
  expect(users("worker")).toEqual(["none", "none"]);
});

for (const [by, cacheLocation] of [
  ["logoutPopup", "sessionStorage"],
  ["logoutRedirect", "sessionStorage"],
  ["logoutRedirect", "localStorage"],
] as const) {
  test(`A sign-out by ${by} in one tab signs all tabs out (${cacheLocation})`, async ({
    open,
    page,
    stack,
  }) => {
    const options = { msal: { cache: { cacheLocation } } };
    const first = await open(options);
    await first.signIn(ADA);
    // In sessionStorage each tab signs in by itself; the provider remembers the user.
    const second = await open(options, await page.context().newPage());
    if (cacheLocation === "sessionStorage") {
      await second.signInSilently();
    }
    expect(await first.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
    expect(await second.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
    stack.api.reset();

    if (by === "logoutPopup") await first.page.evaluate(() => window.msal.logoutPopup());
    else {
      await first.page.evaluate(() => void window.msal.logoutRedirect());
      await expect
        .poll(() => stack.provider.requests.some(({ endpoint }) => endpoint === "logout"))
        .toBe(true);
    }

    expect(await second.fetch("/api/orders")).toMatchObject({ status: 401 });
    await second.page.reload();
    await second.attached();
    expect(await second.fetch("/api/orders")).toMatchObject({ status: 401 });
    expect(authorizations(stack, "/api/orders")).toEqual(["none", "none"]);
  });
}

for (const folder of MSAL_FOLDERS.filter((folder) => !OLDEST.includes(folder))) {
  for (const by of ["ssoSilent", "loginRedirect"] as const) {
    test(`A sign-out in one tab and a new sign-in by ${by} in another one count in all tabs, with MSAL ${msalVersion(folder)}`, async ({
      open,
      page,
      stack,
    }) => {
      stack.site.override("/bearer-page.js", { body: await bundlePage(folder) });
      const options = { msal: { cache: { cacheLocation: "localStorage" } } };
      const second = await open(options);
      const first = await open(options, await page.context().newPage());
      await countSignIns(second);
      await first.signIn(ADA);
      await expect.poll(() => second.run(() => window.signIns)).toBeGreaterThan(0);
      // MSAL 4 and 5 hand the account over by a message.
      await expect.poll(async () => (await second.fetch("/api/orders")).status).toBe(200);
      await first.page.evaluate(() => void window.msal.logoutRedirect());
      await expect
        .poll(() => stack.provider.requests.some(({ endpoint }) => endpoint === "logout"))
        .toBe(true);
      await expect.poll(async () => (await second.fetch("/api/orders")).status).toBe(401);

      const third = await open(options, await page.context().newPage());
      await countSignIns(second);
      if (by === "ssoSilent") await third.signIn(ADA);
      else {
        const left = third.page.url();
        await third.run(() => void window.msal.loginRedirect({ scopes: ["openid"] }));
        await third.page.locator(`[data-account="${ADA}"]`).click();
        await third.page.waitForURL(left);
        await third.attached();
      }
      await expect.poll(() => second.run(() => window.signIns)).toBeGreaterThan(0);
      stack.api.reset();
      await expect.poll(async () => (await second.fetch("/api/orders")).status).toBe(200);
      expect(received(stack, "/api/orders").at(-1)).toMatchObject({ user: ADA });
    });
  }
}

test("A request made in the same task as a switch of accounts has the new account's token", async ({
  open,
  stack,
}) => {
  const site = await open();
  await signInBoth(site, stack);
  // After two rounds the worker's memory has a token of each.
  const users = await site.run(
    async (names) => {
      const seen: (string | undefined)[] = [];
      for (const username of names) {
        window.msal.setActiveAccount(window.msal.getAccount({ username }));
        const answer = (await (await fetch("/api/orders")).json()) as { caller?: { user: string } };
        seen.push(answer.caller?.user);
      }
      return seen;
    },
    Array.from({ length: 20 }, (_, i) => (i % 2 ? ADA : ALAN)),
  );

  expect(users).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 ? ADA : ALAN)));
  expect(stack.api.received).toHaveLength(20);
});

test("A switch while a token is being acquired gives the request the new account's token", async ({
  open,
  stack,
}) => {
  const site = await open();
  await signInBoth(site, stack);

  // Alan's token has to come from the provider, and the page switches to Ada meanwhile.
  const status = await site.run(async (username) => {
    const response = fetch("/api/orders");
    await new Promise((resolve) =>
      window.msal.addEventCallback(resolve, [bearerWorker.EventType.ACQUIRE_TOKEN_START]),
    );
    window.msal.setActiveAccount(window.msal.getAccount({ username }));
    return (await response).status;
  }, ADA);

  expect(status).toBe(200);
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA]);
});

test("A user who picks another account at the provider does not lend its token to the page", async ({
  site,
  stack,
}) => {
  site.endSession();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  const popup = await site.openPopup();
  await popup.locator(`[data-account="${ALAN}"]`).click();

  expect(await waiting).toMatchObject({ status: 401 });
  expect(received(stack, "/api/orders")).toEqual([{ authorization: "none", user: null, audience: null }]);
});

test("A web worker has no token any more once another user has signed in", async ({ open, page, stack }) => {
  const first = await open();
  await first.signIn(ADA);
  await first.run(() => {
    const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
    Object.assign(window, { worker: new Worker(URL.createObjectURL(new Blob([source]))) });
  });
  // The same worker each time: a new one would be a client of which nothing is known yet.
  const inWorker = () =>
    first.run(
      () =>
        new Promise<number>((resolve) => {
          const { worker } = window as unknown as { worker: Worker };
          worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
          worker.postMessage(new URL("/api/orders", location.href).href);
        }),
    );
  expect(await inWorker()).toBe(200);

  // Alan comes back from a redirect: his page is signed in before the worker hears of it.
  stack.provider.revokeSessions();
  const second = await open({}, await page.context().newPage());
  await second.page.evaluate(() => void window.msal.loginRedirect({ scopes: ["openid"] }));
  await second.page.locator(`[data-account="${ALAN}"]`).click();
  await second.page.waitForURL((url) => url.origin === stack.site.origin && url.pathname === "/");
  await second.attached();
  expect(await second.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ALAN } } });

  expect(await inWorker()).toBe(401);
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, ALAN, null]);
});
