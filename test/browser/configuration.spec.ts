import { expect, replaceScript, SitePage, test } from "./fixtures.ts";

interface Failure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Calls `attachTokens` with options that a type checker would refuse, and gives its error. */
const failure = (site: SitePage, options?: object): Promise<Failure> =>
  site.run(async (given) => {
    const msal = new bearerWorker.PublicClientApplication({ auth: demoConfig.msalAuth });
    return await bearerWorker.attachTokens(msal, given as never).then(
      () => ({ name: "none", code: "none", message: "" }),
      ({ name, code, message }: Failure) => ({ name, code, message }),
    );
  }, options);

const protectedResourceMap = { "/api/*": ["s"] };
const manyEntries = Array.from({ length: 99 }, (_, i) => [`/a/rather/long/path/${i}`, ["s"]] as const);

test("attachTokens says what is wrong with its options, and registers nothing", async ({ page, stack }) => {
  replaceScript(stack, "Promise.resolve()");
  const site = await SitePage.open(page, stack);
  const ofProvider = { [`${stack.provider.origin}/*`]: ["s"] };
  const mistakes: [options: object | undefined, code: string, says: RegExp][] = [
    [undefined, "invalid_options", /protectedResourceMap/],
    [{}, "invalid_options", /protectedResourceMap/],
    [{ protectedResourceMap: null }, "invalid_options", /"protectedResourceMap".*object/],
    [{ protectedResourceMap: [["/api", []]] }, "invalid_resource_map", /scopes/],
    [{ protectedResourceMap, interactions: "popup" }, "invalid_options", /"interactions".*\binteraction\b/],
    [{ protectedResourceMap, interaction: "dialog" }, "invalid_options", /"interaction".*prompt\W+popup/],
    [{ protectedResourceMap, interaction: "function" }, "invalid_options", /"interaction".*prompt\W+popup/],
    [{ protectedResourceMap, navigations: "yes" }, "invalid_options", /"navigations".*true or false/],
    [{ protectedResourceMap, whenSignedOut: "ask" }, "invalid_options", /"whenSignedOut".*bare\W+sso/],
    [{ protectedResourceMap, account: {} }, "invalid_options", /"account".*function/],
    [{ protectedResourceMap: { "https://api.example.com*": ["s"] } }, "invalid_resource_map", /\/\*/],
    [{ protectedResourceMap: ofProvider }, "invalid_resource_map", /identity provider/],
    [
      { protectedResourceMap: Object.fromEntries(manyEntries) },
      "resource_map_too_large",
      /wildcard|bearer-worker\/sw/,
    ],
    [{ protectedResourceMap, scope: "/elsewhere/" }, "page_out_of_scope", /Service-Worker-Allowed/],
    [
      { protectedResourceMap, serviceWorker: "/nowhere.js" },
      "worker_registration_failed",
      /404 .*npx bearer-worker init/,
    ],
    [{ protectedResourceMap, serviceWorker: "/index.html" }, "worker_registration_failed", /200 text\/html/],
  ];

  for (const [options, code, says] of mistakes) {
    const given = JSON.stringify(options)?.slice(0, 100);
    expect.soft(await failure(site, options), given).toMatchObject({
      name: "BearerWorkerError",
      code,
      message: expect.stringMatching(says),
    });
    expect.soft(await site.registrations(), given).toBe(0);
  }
});

test("attachTokens explains a worker script that is redirected or forbidden by the policy", async ({
  page,
  stack,
}) => {
  replaceScript(stack, "Promise.resolve()");
  stack.site.override("/moved.js", { status: 302, headers: { Location: "/bearer-sw.js" } });
  stack.site.override("/index.html", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
  stack.site.override("/", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
  const site = await SitePage.open(page, stack);

  expect(await failure(site, { protectedResourceMap, serviceWorker: "/moved.js" })).toMatchObject({
    code: "worker_registration_failed",
    message: expect.stringMatching(/redirect/),
  });
  expect(await failure(site, { protectedResourceMap })).toMatchObject({
    code: "worker_registration_failed",
    message: expect.stringMatching(/200 text\/javascript.*worker-src/),
  });
});

test("The map may name Microsoft Graph although Entra's metadata has its user information there", async ({
  page,
  stack,
}) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "https://graph.microsoft.com/v1.0/*": ["User.Read"] },
    })`,
    `authorityMetadata: JSON.stringify({
      ...JSON.parse(demoConfig.msalAuth.authorityMetadata),
      userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
    })`,
  );
  const site = await SitePage.open(page, stack);

  expect(await site.run(() => navigator.serviceWorker.controller?.scriptURL)).toContain(
    "graph.microsoft.com/v1.0/*=User.Read",
  );
});
