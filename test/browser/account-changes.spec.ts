import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, received, replaceScript, SitePage, test, tokenRequests } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

/** Signs in without making the account the active one, as many apps do. */
async function signInOnly(site: SitePage, username: string): Promise<void> {
  const popup = site.page.waitForEvent("popup");
  const signedIn = site.page.evaluate(() =>
    window.msal.loginPopup({ scopes: ["openid"] }).then(() => undefined),
  );
  await (await popup).locator(`[data-account="${username}"]`).click();
  await signedIn;
}

/** Both accounts in one page; the second one is active. */
async function signInBoth(site: SitePage, stack: Stack, [first, second]: [string, string]): Promise<void> {
  await site.signIn(first);
  stack.provider.revokeSessions();
  await site.signIn(second);
}

/** Gives the page an iframe and a web worker that can fetch. */
async function addClients(site: SitePage): Promise<void> {
  await site.run(`new Promise((resolve) => {
    const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    const frame = document.createElement("iframe");
    frame.srcdoc = "<!doctype html>";
    frame.onload = () => resolve();
    document.body.append(frame);
    window.fetchFrom = {
      page: (url) => fetch(url).then(({ status }) => status),
      iframe: (url) => frame.contentWindow.fetch(url).then(({ status }) => status),
      worker: (url) => new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage(new URL(url, location).href);
      }),
    };
  })`);
}

/** Whose tokens the requests of page, iframe and web worker had, one after the other. */
async function usersOfClients(site: SitePage, stack: Stack): Promise<(string | null)[]> {
  const before = stack.api.received.length;
  for (const client of ["page", "iframe", "worker"]) {
    await site.run(`window.fetchFrom.${client}("/api/orders")`);
  }
  return stack.api.received.slice(before).map(({ token }) => token?.username ?? null);
}

const logOut = {
  logoutPopup: (site: SitePage, username: string) =>
    site.page.evaluate(
      async (name) => window.msal.logoutPopup({ account: window.msal.getAccount({ username: name }) }),
      username,
    ),
  logoutRedirect: (site: SitePage, username: string) =>
    site.page.evaluate(
      async (name) => window.msal.logoutRedirect({ account: window.msal.getAccount({ username: name }) }),
      username,
    ),
  clearCache: (site: SitePage, username: string) =>
    site.page.evaluate(
      async (name) => window.msal.clearCache({ account: window.msal.getAccount({ username: name }) }),
      username,
    ),
};

for (const [by, signOut] of Object.entries(logOut)) {
  for (const [who, order] of [
    ["the active", [ADA, ALAN]],
    ["the other", [ALAN, ADA]],
  ] as [string, [string, string]][]) {
    test(`${who} one of two accounts signs out by ${by}: page, iframe and web worker have the remaining one's tokens`, async ({
      open,
      stack,
    }) => {
      const site = await open();
      await signInBoth(site, stack, order);
      await addClients(site);
      expect(await usersOfClients(site, stack)).toEqual(Array(3).fill(order[1]));
      // The page stays, and can be looked at after the sign-out.
      await site.run("void (window.msal.getConfiguration().auth.onRedirectNavigate = () => false)");

      await signOut(site, ALAN);
      expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);
      await site.stopWorker();
      expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);

      // Ada's token came once, and was not asked for again because Alan has gone.
      const ofAda = tokenRequests(stack, "refresh_token").filter(({ username }) => username === ADA);
      expect(ofAda).toHaveLength(1);
    });
  }
}

test("one of two accounts signs out by a redirect that leaves the page: the other one's tokens are there on return", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await signInBoth(site, stack, [ADA, ALAN]);
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ALAN } } });

  await page.evaluate(
    (username) => void window.msal.logoutRedirect({ account: window.msal.getAccount({ username }) }),
    ALAN,
  );
  await page.waitForURL(`${stack.site.origin}/`);
  await site.attached();
  expect(stack.provider.requests.some(({ endpoint }) => endpoint === "logout")).toBe(true);

  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ALAN, ADA]);
});

test("a switch of accounts reaches iframes and web workers", async ({ open, stack }) => {
  const site = await open();
  await signInBoth(site, stack, [ADA, ALAN]);
  await addClients(site);

  for (const username of [ADA, ALAN, ADA]) {
    await site.run(
      `window.msal.setActiveAccount(window.msal.getAccount({ username: ${JSON.stringify(username)} }))`,
    );
    expect(await usersOfClients(site, stack)).toEqual([username, username, username]);
  }
});

test("after the last account has signed out, page, iframe and web worker have no token", async ({
  site,
  stack,
}) => {
  await addClients(site);
  expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);

  await logOut.logoutPopup(site, ADA);

  expect(await usersOfClients(site, stack)).toEqual([null, null, null]);
});

test("who signs in again in the same page has tokens again, by popup and by the provider's session", async ({
  site,
  page,
  stack,
}) => {
  await logOut.logoutPopup(site, ADA);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  await site.signIn(ADA);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await site.run("window.msal.clearCache()");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  await page.evaluate((loginHint) => window.msal.ssoSilent({ loginHint }), ADA);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, ADA, null, ADA]);
});

test("a token that is still on its way when its account signs out is not used, then or later", async ({
  site,
  stack,
}) => {
  const status = await site.run<number>(`(async () => {
    const response = fetch("/api/orders");
    await new Promise((resolve) => window.msal.addEventCallback(resolve, ["msal:acquireTokenStart"]));
    const acquired = new Promise((resolve) => window.msal.addEventCallback(resolve, ["msal:acquireTokenSuccess"]));
    const signedOut = window.msal.logoutPopup({ account: window.msal.getAllAccounts()[0] }).catch(() => undefined);
    await acquired;
    await signedOut;
    return (await response).status;
  })()`);
  expect(status).toBe(401);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, null]);
});

for (const account of ["undefined", "{ account: window.msal.getAllAccounts()[0] }"]) {
  test(`clearCache(${account}) empties the worker at once, though no account was active`, async ({
    open,
    stack,
  }) => {
    const site = await open();
    await signInOnly(site, ADA);
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

    // In one task: the request must not overtake.
    const status = await site.run<number>(`(() => {
      void window.msal.clearCache(${account});
      return fetch("/api/orders").then(({ status }) => status);
    })()`);

    expect(status).toBe(401);
    expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, null]);
  });
}

test("clearCache in one tab empties the worker for another that shares its localStorage", async ({
  open,
  page,
  stack,
}) => {
  const options = { msal: { cache: { cacheLocation: "localStorage" } } };
  const first = await open(options);
  await signInOnly(first, ADA);
  const second = await open(options, await page.context().newPage());
  expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });

  await first.run("window.msal.clearCache()");

  await expect.poll(async () => (await second.fetch("/api/orders")).status).toBe(401);
  expect(stack.api.received.at(-1)).toMatchObject({ authorization: "none" });
});

test("an attachment that has ended leaves MSAL as it was", async ({ open }) => {
  const site = await open();

  const same = await site.run<boolean>(`(async () => {
    await (await window.attached).detach();
    return window.msal.clearCache === bearerWorker.PublicClientApplication.prototype.clearCache;
  })()`);

  expect(same).toBe(true);
});

test("the active account decides between a user's tenants", async ({ page, stack }) => {
  const { anyTenant, guestAuthority } = stack.provider.otherAuthorities;
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } })`,
    `...${JSON.stringify(anyTenant)}`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn(ADA);
  // The token in the other tenant is there already, as the app has asked for it.
  await page.evaluate(async (authority) => {
    await window.msal.acquireTokenSilent({ scopes: ["api://orders/Data.Read"], authority });
  }, guestAuthority);
  const tenants = [new URL(guestAuthority).pathname.slice(1), stack.provider.tenantId];
  expect(await site.run("window.msal.getAllAccounts().map(({ tenantId }) => tenantId)")).toHaveLength(2);

  for (const tenantId of [...tenants, ...tenants]) {
    await site.run(`window.msal.setActiveAccount(window.msal.getAccount({ tenantId: "${tenantId}" }))`);
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  }

  expect(stack.api.received.map(({ token }) => token?.tenantId)).toEqual([...tenants, ...tenants]);
});

/** A page whose `account` option is written as source text. */
async function openWithAccount(page: Page, stack: Stack, account: string): Promise<SitePage> {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
      account: ${account},
    });
    window.addEventListener("error", ({ message }) => window.events.push({ type: "error", message }))`,
  );
  return await SitePage.open(page, stack);
}

for (const [says, account, message] of [
  ["throws", `() => { throw new Error("a mistake in the app") }`, /a mistake in the app/],
  ["gives a promise", `async (msal) => msal.getAllAccounts()[0]`, null],
  ["gives nothing", `() => undefined`, null],
] as const) {
  test(`where the account option ${says}, requests have no token, and none waits`, async ({
    page,
    stack,
  }) => {
    const site = await openWithAccount(page, stack, account);
    await site.signIn(ADA);

    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

    expect(received(stack, "/api/orders")).toEqual([{ authorization: "none", user: null, audience: null }]);
    if (message) expect((await site.events("error"))[0]?.["message"]).toMatch(message);
  });
}

test("an account option that changes its mind with an event of MSAL's changes the tokens", async ({
  page,
  stack,
}) => {
  const site = await openWithAccount(
    page,
    stack,
    `(msal) => msal.getAccount({ username: window.chosen ?? ${JSON.stringify(ADA)} })`,
  );
  await signInBoth(site, stack, [ADA, ALAN]);
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });

  await site.run(`window.chosen = ${JSON.stringify(ALAN)}; window.msal.setActiveAccount(null)`);

  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ALAN } } });
});
