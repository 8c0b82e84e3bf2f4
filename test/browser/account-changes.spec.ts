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

/** Signs both accounts in, one after the other; the second one is active. */
async function signInBoth(site: SitePage, stack: Stack, [first, second]: [string, string]): Promise<void> {
  await site.signIn(first);
  stack.provider.revokeSessions();
  await site.signIn(second);
}

interface Clients {
  readonly page: (url: string) => Promise<number>;
  readonly iframe: (url: string) => Promise<number>;
  readonly worker: (url: string) => Promise<number>;
}

/** Gives the page an iframe and a web worker that can fetch. */
async function addClients(site: SitePage): Promise<void> {
  await site.run(
    () =>
      new Promise<void>((resolve) => {
        const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
        const worker = new Worker(URL.createObjectURL(new Blob([source])));
        const frame = document.createElement("iframe");
        frame.srcdoc = "<!doctype html>";
        frame.onload = () => resolve();
        document.body.append(frame);
        const fetchFrom: Clients = {
          page: (url) => fetch(url).then(({ status }) => status),
          iframe: async (url) => {
            if (!frame.contentWindow) throw new Error("The iframe is gone");
            return (await frame.contentWindow.fetch(url)).status;
          },
          worker: (url) =>
            new Promise((answer) => {
              worker.onmessage = ({ data }: MessageEvent<number>) => answer(data);
              worker.postMessage(new URL(url, location.href).href);
            }),
        };
        Object.assign(window, { fetchFrom });
      }),
  );
}

/** The users whose tokens the API received from page, iframe and web worker, one after the other. */
async function usersOfClients(site: SitePage, stack: Stack): Promise<(string | null)[]> {
  const before = stack.api.received.length;
  for (const client of ["page", "iframe", "worker"] as const) {
    await site.run(
      (name) => (window as unknown as { fetchFrom: Clients }).fetchFrom[name]("/api/orders"),
      client,
    );
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

test("A switch of accounts closes the dialog, and the request goes out with the new account's token", async ({
  open,
  stack,
}) => {
  const site = await open();
  await site.signIn(ALAN);
  await site.fetch("/api/orders");
  stack.provider.revokeSessions();
  await site.signIn(ADA);
  site.endSession();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  await site.run((username) => window.msal.setActiveAccount(window.msal.getAccount({ username })), ALAN);
  expect(await waiting).toMatchObject({ status: 200 });
  await expect(site.dialog).toHaveCount(0);
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ALAN, ALAN]);
});

for (const [by, signOut] of Object.entries(logOut)) {
  test(`An account that signs out by ${by} leaves page, iframe and web worker with the other account's tokens`, async ({
    open,
    stack,
  }) => {
    const site = await open();
    await signInBoth(site, stack, [ALAN, ADA]);
    await addClients(site);
    expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);
    // The page stays, so that the test can look at it after the sign-out.
    await site.run(() => {
      Object.assign(window.msal.getConfiguration().auth, { onRedirectNavigate: () => false });
    });

    // Alan is not the active account.
    await signOut(site, ALAN);
    expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);

    // Alan is the active account.
    stack.provider.revokeSessions();
    await site.signIn(ALAN);
    expect(await usersOfClients(site, stack)).toEqual([ALAN, ALAN, ALAN]);
    await signOut(site, ALAN);
    expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);
    await site.stopWorker();
    expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);

    // Ada's token was acquired once, and not again after Alan's sign-outs.
    const ofAda = tokenRequests(stack, "refresh_token").filter(({ username }) => username === ADA);
    expect(ofAda).toHaveLength(1);
  });
}

test("The other account's tokens are attached on return from a sign-out that left the page", async ({
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

test("A switch of the active account switches the tokens of page, iframe and web worker", async ({
  open,
  stack,
}) => {
  const site = await open();
  await signInBoth(site, stack, [ADA, ALAN]);
  await addClients(site);

  for (const username of [ADA, ALAN, ADA]) {
    await site.setActive(username);
    expect(await usersOfClients(site, stack)).toEqual([username, username, username]);
  }
});

test("Tokens end with the last sign-out and return with the next sign-in, by popup or by the provider's session", async ({
  site,
  page,
  stack,
}) => {
  await addClients(site);
  expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);

  await logOut.logoutPopup(site, ADA);
  expect(await usersOfClients(site, stack)).toEqual([null, null, null]);
  await site.signIn(ADA);
  expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);

  await site.run(() => window.msal.clearCache());
  expect(await usersOfClients(site, stack)).toEqual([null, null, null]);
  await page.evaluate(async (loginHint) => void (await window.msal.ssoSilent({ loginHint })), ADA);
  expect(await usersOfClients(site, stack)).toEqual([ADA, ADA, ADA]);
});

test(
  "A token that arrives after its account has signed out is never used",
  { tag: "@windows" },
  async ({ site, stack }) => {
    const status = await site.run(async () => {
      const { ACQUIRE_TOKEN_START, ACQUIRE_TOKEN_SUCCESS } = bearerWorker.EventType;
      const response = fetch("/api/orders");
      await new Promise((resolve) => window.msal.addEventCallback(resolve, [ACQUIRE_TOKEN_START]));
      const acquired = new Promise((resolve) =>
        window.msal.addEventCallback(resolve, [ACQUIRE_TOKEN_SUCCESS]),
      );
      const [account = null] = window.msal.getAllAccounts();
      const signedOut = window.msal.logoutPopup({ account }).catch(() => undefined);
      await acquired;
      await signedOut;
      return (await response).status;
    });
    expect(status).toBe(401);
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

    expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null, null]);
  },
);

test("clearCache, with or without an account, empties the worker at once though no account was active", async ({
  open,
  stack,
}) => {
  const site = await open();
  for (const withAccount of [true, false]) {
    stack.provider.revokeSessions();
    await signInOnly(site, ADA);
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

    // Both in one task: the request must not overtake the news of the sign-out.
    const status = await site.run((given) => {
      const [account] = window.msal.getAllAccounts();
      void window.msal.clearCache(given && account ? { account } : undefined);
      return fetch("/api/orders").then(({ status }) => status);
    }, withAccount);
    expect(status).toBe(401);
  }

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, null, ADA, null]);
});

test("clearCache in one tab empties the worker for another tab that shares its localStorage", async ({
  open,
  page,
  stack,
}) => {
  const options = { msal: { cache: { cacheLocation: "localStorage" } } };
  const first = await open(options);
  await signInOnly(first, ADA);
  const second = await open(options, await page.context().newPage());
  expect(await second.fetch("/api/orders")).toMatchObject({ status: 200 });

  await first.run(() => window.msal.clearCache());

  await expect.poll(async () => (await second.fetch("/api/orders")).status).toBe(401);
  expect(stack.api.received.at(-1)).toMatchObject({ authorization: "none" });
});

test("clearCache in a page that does not attach empties the worker for the pages that share its localStorage", async ({
  open,
  page,
  stack,
}) => {
  const options = { msal: { cache: { cacheLocation: "localStorage" } } };
  const site = await open(options);
  await signInOnly(site, ADA);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  stack.site.override("/site.js", {
    body: `window.msal = new bearerWorker.PublicClientApplication({
      auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
      cache: { cacheLocation: "localStorage" },
    });`,
  });
  const plain = await page.context().newPage();
  await plain.goto(stack.site.origin);
  await plain.evaluate(async () => {
    await window.msal.initialize();
    await window.msal.clearCache();
  });

  await expect.poll(async () => (await site.fetch("/api/orders")).status).toBe(401);
  expect(stack.api.received.at(-1)).toMatchObject({ authorization: "none" });
});

test("A detached attachment leaves MSAL as it was", async ({ open }) => {
  const site = await open();

  const same = await site.run(async () => {
    await (await window.attached).detach();
    return Object.is(
      Reflect.get(window.msal, "clearCache"),
      Reflect.get(bearerWorker.PublicClientApplication.prototype, "clearCache"),
    );
  });

  expect(same).toBe(true);
});

test("The active account decides between the tenants of one user", async ({ page, stack }) => {
  const { anyTenant, guestAuthority } = stack.provider.otherAuthorities;
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } })`,
    `...${JSON.stringify(anyTenant)}`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn(ADA);
  // The app itself knows the other tenant, and has no token of the API there.
  await page.evaluate(async (authority) => {
    await window.msal.acquireTokenSilent({ scopes: ["api://media/Media.Read"], authority });
  }, guestAuthority);
  const tenants = [new URL(guestAuthority).pathname.slice(1), stack.provider.tenantId];
  expect(await site.run(() => window.msal.getAllAccounts().length)).toBe(2);

  for (const tenantId of [...tenants, ...tenants]) {
    await site.run(
      (tenant) => window.msal.setActiveAccount(window.msal.getAccount({ tenantId: tenant })),
      tenantId,
    );
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  }

  expect(stack.api.received.map(({ token }) => token?.tenantId)).toEqual([...tenants, ...tenants]);
});

/** Opens a page whose `account` option behaves as `window.choice` says: it gives Ada's account at first. */
async function openWithChoices(page: Page, stack: Stack): Promise<SitePage> {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
      account: (msal) => choices[window.choice](msal),
    });
    window.choice = "gives Ada";
    const choices = {
      "gives Ada": (msal) => msal.getAccount({ username: ${JSON.stringify(ADA)} }),
      "gives Alan": (msal) => msal.getAccount({ username: ${JSON.stringify(ALAN)} }),
      "throws": () => { throw new Error("a mistake in the app") },
      "gives a promise": async (msal) => msal.getAllAccounts()[0],
      "gives nothing": () => undefined,
    };
    window.addEventListener("error", ({ message }) => window.events.push({ type: "error", message }))`,
  );
  return await SitePage.open(page, stack);
}

/** Makes the option behave otherwise, with an event of MSAL's that has it asked again. */
const choose = (site: SitePage, choice: string): Promise<void> =>
  site.run((name) => {
    Object.assign(window, { choice: name });
    window.msal.setActiveAccount(null);
  }, choice);

test("An account option that throws, gives a promise or gives nothing leaves requests without a token, at once", async ({
  page,
  stack,
}) => {
  const site = await openWithChoices(page, stack);
  await site.signIn(ADA);

  for (const mistake of ["throws", "gives a promise", "gives nothing"]) {
    await choose(site, "gives Ada");
    expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
    await choose(site, mistake);
    expect(await site.fetch("/api/orders"), mistake).toMatchObject({ status: 401 });
  }

  const ofAda = { authorization: "bearer", user: ADA, audience: "api://orders" };
  const bare = { authorization: "none", user: null, audience: null };
  expect(received(stack, "/api/orders")).toEqual([ofAda, bare, ofAda, bare, ofAda, bare]);
  expect((await site.events("error"))[0]?.["message"]).toMatch(/a mistake in the app/);
});

test("The account option decides over the active account, and is asked again after each event of MSAL's", async ({
  page,
  stack,
}) => {
  const site = await openWithChoices(page, stack);
  // Alan is the active account.
  await signInBoth(site, stack, [ADA, ALAN]);
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });

  await choose(site, "gives Alan");
  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ALAN } } });
});
