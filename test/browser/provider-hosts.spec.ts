import type { BearerWorkerError } from "../../page/index.ts";
import { expect, replaceScript, SitePage, test } from "./fixtures.ts";

/** Attaches tokens to one more resource, and resolves to the error's code and message. */
const refusal = (site: SitePage, origin: string, authority?: string): Promise<string> =>
  site.run(
    (wanted) =>
      bearerWorker
        .attachTokens(window.msal, {
          protectedResourceMap: { [`${wanted.origin}/*`]: ["s"] },
          ...(wanted.authority && { authRequest: { authority: wanted.authority } }),
        })
        .then(
          () => "attached",
          ({ code, message }: BearerWorkerError) => `${code}: ${message}`,
        ),
    { origin, authority },
  );

test("a wildcard leaves out the hosts that MSAL talks to", async ({ page, stack }) => {
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
  expect(await site.run(() => window.events)).toEqual([]);

  const script = new URL(await site.run(() => navigator.serviceWorker.controller?.scriptURL ?? ""));
  const unprotected = [...script.searchParams].filter(([, scopes]) => scopes === "").map(([key]) => key);
  expect(unprotected).toEqual([
    "/bearer-redirect.*",
    "/bearer-sw.js",
    "https://sts.windows.net/*",
    "https://login.windows.net/*",
    "https://login.microsoft.com/*",
  ]);
});

test("attachTokens refuses to protect hosts of the identity provider", async ({ page, stack }) => {
  replaceScript(stack, "Promise.resolve()", `...${JSON.stringify(stack.provider.otherAuthorities.b2c)}`);
  const site = await SitePage.open(page, stack);

  for (const host of ["login.windows.net", "login.microsoftonline.us", "contoso.b2clogin.com"]) {
    const found = await refusal(site, `https://${host}`);
    expect(found, host).toMatch(/^invalid_resource_map: .*is the identity provider/);
  }
});

test("attachTokens refuses to protect the authority that authRequest names", async ({ page, stack }) => {
  replaceScript(stack, "Promise.resolve()");
  const site = await SitePage.open(page, stack);

  const found = await refusal(site, "https://contoso.ciamlogin.com", "https://contoso.ciamlogin.com/tenant");
  expect(found).toMatch(/^invalid_resource_map: .*is the identity provider/);
});
