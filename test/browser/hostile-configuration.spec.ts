import { PROTOCOL_VERSION } from "../../protocol/messages.ts";
import { test } from "./elsewhere.ts";
import { authorizations, expect, received, replaceScript, SitePage } from "./fixtures.ts";

const ADA = "ada@contoso.example";

/** The version of the protocol that a polluted message would claim. */
const VERSION = PROTOCOL_VERSION;

/**
 * Properties that JSON can put into Object.prototype, by the names that page, worker and their messages use. MSAL itself
 * reads some of its parameters from there (`authority`, `resource`, `claims`). The product cannot prevent that.
 */
const POLLUTION = {
  scopes: ["api://media/Media.Read"],
  httpMethod: "GET",
  key: "/*",
  bearerWorker: VERSION,
  type: "observed",
  account: "mallory",
  navigations: true,
  observing: true,
  scope: "/nowhere/",
  interaction: "redirect",
  whenSignedOut: "interact",
  fallback: "fetch",
  accessToken: "forged",
  url: "/api/orders",
  endsAt: 1,
  renewAt: 1,
  milliseconds: 1,
  challenge: {},
  purpose: "request",
  path: ["/", ""],
  entries: [],
  until: 1,
  extra: "an enumerable property, as old libraries add",
};

for (const when of ["before", "after"]) {
  test(`a prototype that was polluted ${when} attachTokens lends nothing and breaks nothing`, async ({
    elsewhere,
    page,
    stack,
  }) => {
    const pollute = `Object.assign(Object.prototype, ${JSON.stringify(POLLUTION)});`;
    replaceScript(
      stack,
      `(async () => {
        ${when === "before" ? pollute : ""}
        const attachment = await bearerWorker.attachTokens(window.msal, {
          protectedResourceMap: {
            "/api/health": null,
            "/api/*": [{ httpMethod: "POST", scopes: ["api://orders/Data.Write"] }, "api://orders/Data.Read"],
          },
        });
        ${when === "after" ? pollute : ""}
        return attachment;
      })()`,
    );
    const context = page.context();
    // The user signs in with a clean prototype: this test is not about MSAL's popup.
    const site = await SitePage.open(page, stack);
    await site.run((names) => {
      for (const name of names) Reflect.deleteProperty(Object.prototype, name);
    }, Object.keys(POLLUTION));
    await site.signIn();
    await page.reload();
    await site.attached();

    expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
    await site.stopWorker();
    expect(await site.fetch("/api/orders?again")).toMatchObject({ body: { caller: { user: ADA } } });
    await site.fetch("/api/health");
    await site.fetch("api:/media/photo");
    await site.fetch(`${elsewhere.origin}/`);

    expect(await site.run(() => navigator.serviceWorker.controller?.scriptURL)).not.toContain("nowhere");
    expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
    for (const path of ["/api/health", "/media/photo"]) {
      expect(authorizations(stack, path)).toEqual(["none"]);
    }
    expect(elsewhere.visits.map(({ authorized }) => authorized)).toEqual([false]);
    expect(context.pages()).toHaveLength(1);
  });
}

test("an option that only the prototype has does not count", async ({ page, stack }) => {
  replaceScript(
    stack,
    `(async () => {
      Object.prototype.authRequest = { authority: "https://evil.example/tenant" };
      Object.prototype.account = () => ({ homeAccountId: "mallory" });
      try {
        return await bearerWorker.attachTokens(window.msal, {
          protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
        });
      } finally {
        delete Object.prototype.authRequest;
        delete Object.prototype.account;
      }
    })()`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
});

test("each option, key and value is read once, so a getter or a proxy cannot change it later", async ({
  elsewhere,
  page,
  stack,
}) => {
  replaceScript(
    stack,
    `(async () => {
      /** Gives the first value once, and the other one from then on. */
      const turning = (first, then) => {
        let reads = 0;
        return () => (reads++ === 0 ? first : then);
      };
      const evil = ${JSON.stringify(elsewhere.origin)};
      const key = { toString: turning("/api/*", evil + "/*") };
      const scopes = new Proxy(["api://orders/Data.Read"], {
        get: (target, name) => (name === "0" ? read() : Reflect.get(target, name)),
      });
      const read = turning("api://orders/Data.Read", "api://media/Media.Read");
      const element = {
        httpMethod: "GET",
        get scopes() { return elementScopes(); },
      };
      const elementScopes = turning(scopes, ["api://media/Media.Read"]);
      const map = turning(new Map([[key, [element]]]), { [evil + "/*"]: ["api://orders/Data.Read"] });
      const account = turning(undefined, () => ({ homeAccountId: "mallory" }));
      const worker = turning("/bearer-sw.js", evil + "/sw.js");
      return bearerWorker.attachTokens(window.msal, {
        get protectedResourceMap() { return map(); },
        get account() { return account(); },
        get serviceWorker() { return worker(); },
      });
    })()`,
  );
  const site = await SitePage.open(page, stack);
  await site.signIn();

  expect(await site.fetch("/api/orders")).toMatchObject({ body: { caller: { user: ADA } } });
  await site.fetch(`${elsewhere.origin}/`);

  expect(received(stack, "/api/orders")).toMatchObject([{ audience: "api://orders" }]);
  expect(elsewhere.visits.map(({ authorized }) => authorized)).toEqual([false]);
});

test("an argument of fetch whose URL changes between reads sends no token elsewhere, without a worker", async ({
  browser,
  elsewhere,
  stack,
}) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "serviceWorker", { value: undefined });
  });
  const site = await SitePage.open(await context.newPage(), stack, { attach: { fallback: "fetch" } });
  await site.signIn();

  await site.run(async (origin) => {
    let reads = 0;
    const urls = ["/api/orders", `${origin}/`, `${origin}/`, `${origin}/`];
    await fetch({ toString: () => urls[reads++] ?? "" } as URL);
  }, elsewhere.origin);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(elsewhere.visits).toEqual([{ method: "GET", path: "/", authorized: false }]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer"]);
  await context.close();
});
