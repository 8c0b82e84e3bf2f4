import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { build } from "esbuild";
import type { Stack } from "../../dev/start-stack.ts";
import { expect, received, SitePage, test } from "./fixtures.ts";

declare global {
  interface Window {
    /** The code with which a sign-in has failed. */
    outcome: Promise<unknown>;
  }
}

const ADA = "ada@contoso.example";

/** A site that leaves for the provider, with the users and the callback page of the example. */
const SITE = `
import { attachTokens } from "bearer-worker";
import { oidcClientTokenSource } from "bearer-worker/oidc-client-ts";
import { users } from "../../examples/oidc-client-ts/src/users.ts";

window.attached = attachTokens(oidcClientTokenSource(users), {
  protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
  interaction: "redirect",
});
`;
const CALLBACK = `import "../../examples/oidc-client-ts/src/callback.ts";`;

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

/** Opens a page of the site. */
async function openSite(page: Page, stack: Stack, path: string): Promise<SitePage> {
  for (const [name, contents] of Object.entries({ app: SITE, callback: CALLBACK })) {
    stack.site.override(`/${name}.js`, { body: await bundle(contents) });
    stack.site.override(`/${name}.html`, {
      body: `<!doctype html><title>${name}</title><script src="/demo-config.js"></script><script type="module" src="/${name}.js"></script>`,
    });
  }
  const site = await SitePage.of(page, stack);
  await page.goto(stack.site.origin + path);
  await site.attached();
  return site;
}

/** Begins to leave for the provider's sign-in. The outcome is left in the page. */
const signIn = (site: SitePage): Promise<void> =>
  site.run(() => {
    window.outcome = window.attached
      .then((attachment) => attachment.signIn())
      .catch(({ code }: { readonly code: string }) => code);
  });

/** Leaves a page of the site for the provider's sign-in. */
async function leaveToSignIn(page: Page, stack: Stack, path: string): Promise<SitePage> {
  const site = await openSite(page, stack, path);
  await signIn(site);
  return site;
}

test("a redirect by oidc-client-ts brings the user back to the page that they left, query and fragment included", async ({
  page,
  stack,
}) => {
  const path = "/app.html?order=7&tab=a%20b#lines";
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  const site = await leaveToSignIn(page, stack, path);
  await page.locator(`[data-account="${ADA}"]`).click();

  await page.waitForURL(stack.site.origin + path);
  await site.attached();
  expect((await site.fetch("/api/orders")).status).toBe(200);
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA]);
  // The address stays in the browser.
  const toProvider = sent.filter((request) => request.startsWith(stack.provider.origin));
  expect(toProvider.some((request) => request.includes("callback.html"))).toBe(true);
  expect(toProvider.filter((request) => request.includes("app.html"))).toEqual([]);
});

test("a user who declines at the provider comes back, too", async ({ page, stack }) => {
  const site = await leaveToSignIn(page, stack, "/app.html?order=7");
  await page.locator('[data-action="cancel"]').click();

  await page.waitForURL(`${stack.site.origin}/app.html?order=7`);
  await site.attached();
  expect((await site.fetch("/api/orders")).status).toBe(401);
});

test("the callback page goes to no other origin, whatever the sign-in had as its state", async ({
  page,
  stack,
}) => {
  const site = await leaveToSignIn(page, stack, "/app.html");
  await expect(page.locator(`[data-account="${ADA}"]`)).toBeVisible();
  await page.goto(`${stack.site.origin}/demo-config.js`);
  await site.run(() => {
    for (const key of Object.keys(localStorage)) {
      const value = localStorage.getItem(key) ?? "";
      localStorage.setItem(key, value.replaceAll(/"data":"[^"]*"/g, '"data":"https://elsewhere.example/"'));
    }
  });
  await page.goBack();
  await page.locator(`[data-account="${ADA}"]`).click();
  await page.waitForURL(`${stack.site.origin}/`);
});

test("a user who stays on the page has not signed in, and leaves with their next click", async ({
  page,
  stack,
}) => {
  const site = await openSite(page, stack, "/app.html");
  const questions: string[] = [];
  page.on("dialog", (dialog) => {
    questions.push(dialog.type());
    void dialog.dismiss();
  });
  await page.mouse.click(5, 5);
  await site.run(() => {
    window.onbeforeunload = (event) => event.preventDefault();
  });
  await signIn(site);

  expect(await site.run(() => window.outcome)).toBe("redirecting");
  await expect.poll(() => questions).toEqual(["beforeunload"]);
  const locks = await site.run(() => navigator.locks.query());
  expect(locks.held?.filter(({ name }) => name?.includes(stack.provider.origin))).toEqual([]);

  await site.run(() => {
    window.onbeforeunload = null;
  });
  await page.mouse.click(5, 5);
  await signIn(site);
  await page.locator(`[data-account="${ADA}"]`).click();
  await page.waitForURL(`${stack.site.origin}/app.html`);
  await site.attached();
  expect((await site.fetch("/api/orders")).status).toBe(200);
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA]);
});

test("requests that wait end as network errors before the page is left by oidc-client-ts", async ({
  page,
  stack,
}) => {
  const site = await leaveToSignIn(page, stack, "/app.html");
  await page.locator(`[data-account="${ADA}"]`).click();
  await page.waitForURL(`${stack.site.origin}/app.html`);
  await site.attached();
  site.endSession();
  await site.run(() => {
    for (const [key, value] of Object.entries(sessionStorage))
      sessionStorage.setItem(key, String(value).replace(/"expires_at":\d+/, '"expires_at":1'));
  });
  await page.reload();
  await site.attached();
  await page.mouse.click(5, 5);
  await site.run(() => {
    let end: unknown = "none";
    addEventListener("pagehide", () => sessionStorage.setItem("end", String(end)));
    void fetch("/api/orders").then(
      ({ status }) => (end = status),
      ({ name }: Error) => (end = name),
    );
  });
  await page.locator(`[data-account="${ADA}"]`).click();
  await page.waitForURL(`${stack.site.origin}/app.html`);

  expect(await site.run(() => sessionStorage.getItem("end"))).toBe("TypeError");
  expect(stack.api.received).toEqual([]);
});
