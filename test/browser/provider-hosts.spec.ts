import { expect, replaceScript, SitePage, test } from "./fixtures.ts";

test("a wildcard that reaches hosts that MSAL talks to leaves those out", async ({ page, stack }) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "https://*.microsoft.com/*": ["User.Read"], "https://*.windows.net/*": ["User.Read"] },
    }).then((attachment) => {
      for (const type of ["tokenacquired", "tokenfailed"]) {
        attachment.addEventListener(type, ({ detail }) => window.events.push({ type, ...detail }));
      }
    })`,
  );
  const seen: (string | undefined)[] = [];
  await page.route("https://login.microsoft.com/**", (route) => {
    seen.push(route.request().headers()["authorization"] ?? "none");
    return route.fulfill({ headers: { "Access-Control-Allow-Origin": "*" }, body: "{}" });
  });
  const site = await SitePage.open(page, stack);
  await site.signIn();

  expect(await site.fetch("https://login.microsoft.com/common/discovery/instance")).toMatchObject({
    status: 200,
  });
  expect(seen).toEqual(["none"]);
  expect(await site.run("window.events")).toEqual([]);

  const script = new URL(await site.run<string>("navigator.serviceWorker.controller.scriptURL"));
  const unprotected = [...script.searchParams].filter(([, scopes]) => scopes === "").map(([key]) => key);
  expect(unprotected).toEqual([
    "/bearer-redirect.*",
    "/bearer-sw.js",
    "https://sts.windows.net/*",
    "https://login.windows.net/*",
    "https://login.microsoft.com/*",
  ]);
});

for (const origin of [
  "https://login.windows.net",
  "https://login.microsoftonline.us",
  "https://contoso.b2clogin.com",
]) {
  test(`attachTokens refuses to protect ${origin}, and says that it is the identity provider`, async ({
    page,
    stack,
  }) => {
    replaceScript(stack, "Promise.resolve()", `...${JSON.stringify(stack.provider.otherAuthorities.b2c)}`);
    const site = await SitePage.open(page, stack);

    const failure = await site.run<string>(
      `bearerWorker.attachTokens(window.msal, { protectedResourceMap: { "${origin}/*": ["s"] } })
        .catch(({ code, message }) => code + ": " + message)`,
    );

    expect(failure).toMatch(/^invalid_resource_map: .*is the identity provider/);
  });
}

test("the authority that authRequest names is never protected either", async ({ page, stack }) => {
  replaceScript(stack, "Promise.resolve()");
  const site = await SitePage.open(page, stack);

  const failure = await site.run<string>(
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "https://contoso.ciamlogin.com/*": ["s"] },
      authRequest: { authority: "https://contoso.ciamlogin.com/tenant" },
    }).catch(({ code, message }) => code + ": " + message)`,
  );

  expect(failure).toMatch(/^invalid_resource_map: .*is the identity provider/);
});
