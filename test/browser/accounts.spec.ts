import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, received, replaceScript, type SitePage, test } from "./fixtures.ts";

const ADA = "ada@contoso.example";
const ALAN = "alan@contoso.example";

/** Both accounts in one page; Alan's is the active one. */
async function signInBoth(site: SitePage, stack: Stack): Promise<void> {
  await site.signIn(ADA);
  stack.provider.revokeSessions();
  await site.signIn(ALAN);
}

test("two users in two tabs each have their own token", async ({ open, page, stack }) => {
  const first = await open();
  const second = await open({}, await page.context().newPage());
  await first.signIn(ADA);
  stack.provider.revokeSessions();
  await second.signIn(ALAN);

  for (let i = 0; i < 3; i++) {
    expect(await first.fetch(`/api/orders?first`)).toMatchObject({ body: { caller: { user: ADA } } });
    expect(await second.fetch(`/api/orders?second`)).toMatchObject({ body: { caller: { user: ALAN } } });
  }

  const users = (query: string) =>
    stack.api.received.filter((request) => request.query === query).map(({ token }) => token?.username);
  expect(users("first")).toEqual([ADA, ADA, ADA]);
  expect(users("second")).toEqual([ALAN, ALAN, ALAN]);
});

test("a web worker's request has no token where two tabs have different users", async ({
  open,
  page,
  stack,
}) => {
  const first = await open();
  const second = await open({}, await page.context().newPage());
  await first.signIn(ADA);
  stack.provider.revokeSessions();
  await second.signIn(ALAN);

  const status = await first.run<number>(`new Promise((resolve) => {
    const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage("${stack.site.origin}/api/orders");
  })`);

  expect(status).toBe(401);
  expect(received(stack, "/api/orders")).toEqual([{ authorization: "none", user: null, audience: null }]);
});

for (const by of ["logoutPopup", "logoutRedirect"]) {
  for (const cacheLocation of ["sessionStorage", "localStorage"]) {
    test(`who signs out by ${by} in one tab has signed out in all (${cacheLocation})`, async ({
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
}

test("a switch of the active account switches the tokens", async ({ open, stack }) => {
  const site = await open();
  await signInBoth(site, stack);
  const switchTo = (username: string) =>
    site.run(
      `window.msal.setActiveAccount(window.msal.getAccount({ username: ${JSON.stringify(username)} }))`,
    );

  const users: unknown[] = [];
  for (const username of [ADA, ALAN, ADA]) {
    await switchTo(username);
    users.push((await site.fetch("/api/orders")).body.caller?.user);
  }

  expect(users).toEqual([ADA, ALAN, ADA]);
});

test("a request made in the same task as a switch of accounts has the new account's token", async ({
  open,
  stack,
}) => {
  const site = await open();
  await signInBoth(site, stack);
  // Both have a token in the worker's memory, as far as it keeps any.
  const users = await site.run<string[]>(`(async () => {
    const users = [];
    for (let i = 0; i < 40; i++) {
      const username = i % 2 ? ${JSON.stringify(ADA)} : ${JSON.stringify(ALAN)};
      window.msal.setActiveAccount(window.msal.getAccount({ username }));
      users.push((await (await fetch("/api/orders")).json()).caller.user === username);
    }
    return users;
  })()`);

  expect(users).toEqual(Array(40).fill(true));
  expect(stack.api.received).toHaveLength(40);
});

test("a switch while a token is being acquired gives the request the new account's token", async ({
  open,
  stack,
}) => {
  const site = await open();
  await signInBoth(site, stack);
  const username = JSON.stringify(ADA);

  // Alan's token has to come from the provider, and Ada is the page's account before it is there.
  const got = await site.run<{ caller: { user: string } }>(`(async () => {
    const response = fetch("/api/orders");
    await new Promise((resolve) => window.msal.addEventCallback(resolve, ["msal:acquireTokenStart"]));
    window.msal.setActiveAccount(window.msal.getAccount({ username: ${username} }));
    return (await response).json();
  })()`);

  expect(got.caller.user).toBe(ADA);
  expect(received(stack, "/api/orders")).toHaveLength(1);
});

test("a user who picks another account at the provider does not lend its token to the page", async ({
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

test("what a web worker had is not taken for granted once another user is there", async ({
  open,
  page,
  stack,
}) => {
  const first = await open();
  await first.signIn(ADA);
  await first.run(`(() => {
    const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    window.fetchInWorker = (url) => new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage(url);
    });
  })()`);
  const inWorker = () => first.run<number>(`window.fetchInWorker("${stack.site.origin}/api/orders")`);
  expect(await inWorker()).toBe(200);

  // Alan comes back from a redirect: his page is signed in before the worker has heard of it.
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

test("a local sign-out by clearCache empties the worker", async ({ site, stack }) => {
  await site.fetch("/api/orders");

  await site.run("window.msal.clearCache()");
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, null]);
});

test("the account option decides whose token is used", async ({ open, stack }) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
      account: (msal) => msal.getAccount({ username: ${JSON.stringify(ADA)} }),
    })`,
  );
  const site = await open();
  await signInBoth(site, stack);

  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
});
