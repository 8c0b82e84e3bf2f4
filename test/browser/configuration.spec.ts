import { expect, replaceScript, SitePage, test } from "./fixtures.ts";

interface Failure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** What `attachTokens` rejects with, for options written as an expression. */
const failure = (site: SitePage, options: string): Promise<Failure> =>
  site.run(`(async () => {
    const msal = new bearerWorker.PublicClientApplication({ auth: demoConfig.msalAuth });
    try {
      await bearerWorker.attachTokens(msal, ${options});
      return { name: "none", code: "none", message: "" };
    } catch ({ name, code, message }) {
      return { name, code, message };
    }
  })()`);

const map = `protectedResourceMap: { "/api/*": ["s"] }`;
const mistakes: [options: string, code: string, says: RegExp][] = [
  [`undefined`, "invalid_options", /protectedResourceMap/],
  [`{}`, "invalid_options", /protectedResourceMap/],
  [`{ protectedResourceMap: null }`, "invalid_options", /"protectedResourceMap" is none of :object/],
  [`{ protectedResourceMap: [["/api", []]] }`, "invalid_resource_map", /needs null or scopes/],
  [`{ ${map}, interactions: "popup" }`, "invalid_options", /"interactions" is none of .*interaction,/],
  [`{ ${map}, interaction: "dialog" }`, "invalid_options", /"interaction" is none of prompt, popup/],
  [`{ ${map}, interaction: "function" }`, "invalid_options", /"interaction" is none of prompt, popup/],
  [`{ ${map}, navigations: "yes" }`, "invalid_options", /"navigations" is none of :boolean/],
  [`{ ${map}, whenSignedOut: "ask" }`, "invalid_options", /"whenSignedOut" is none of bare, sso/],
  [`{ ${map}, account: {} }`, "invalid_options", /"account" is none of :function/],
  [
    `{ protectedResourceMap: { "https://api.example.com*": ["s"] } }`,
    "invalid_resource_map",
    /Write \/api\/\*/,
  ],
  [
    `{ protectedResourceMap: { [demoConfig.providerOrigin + "/*"]: ["s"] } }`,
    "invalid_resource_map",
    /identity provider/,
  ],
  [
    `{ protectedResourceMap: Object.fromEntries(Array.from({ length: 99 }, (_, i) => ["/a/rather/long/path/" + i, ["s"]])) }`,
    "resource_map_too_large",
    /Use wildcards/,
  ],
  [`{ ${map}, scope: "/elsewhere/" }`, "page_out_of_scope", /Service-Worker-Allowed/],
  [
    `{ ${map}, serviceWorker: "/nowhere.js" }`,
    "worker_registration_failed",
    /answers 404 .*npx bearer-worker init/,
  ],
  [`{ ${map}, serviceWorker: "/index.html" }`, "worker_registration_failed", /answers 200 text\/html/],
];

for (const [options, code, says] of mistakes) {
  test(`attachTokens(msal, ${options}) says what is wrong, and registers nothing`, async ({
    page,
    stack,
  }) => {
    replaceScript(stack, "Promise.resolve()");
    const site = await SitePage.open(page, stack);

    expect(await failure(site, options)).toMatchObject({
      name: "BearerWorkerError",
      code,
      message: expect.stringMatching(says),
    });
    expect(await site.registrations()).toBe(0);
  });
}

test("a redirected worker and one that the policy forbids are explained", async ({ page, stack }) => {
  replaceScript(stack, "Promise.resolve()");
  stack.site.override("/moved.js", { status: 302, headers: { Location: "/bearer-sw.js" } });
  stack.site.override("/index.html", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
  stack.site.override("/", { headers: { "Content-Security-Policy": "worker-src 'none'" } });
  const site = await SitePage.open(page, stack);

  expect(await failure(site, `{ ${map}, serviceWorker: "/moved.js" }`)).toMatchObject({
    code: "worker_registration_failed",
    message: expect.stringMatching(/by a redirect/),
  });
  expect(await failure(site, `{ ${map} }`)).toMatchObject({
    code: "worker_registration_failed",
    message: expect.stringMatching(/answers 200 text\/javascript.*worker-src/),
  });
});

test("Microsoft Graph may be protected, although Entra's metadata names it for user information", async ({
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

  expect(await site.run("navigator.serviceWorker.controller.scriptURL")).toContain(
    "graph.microsoft.com/v1.0/*=User.Read",
  );
});
