import { expect, type Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { openElsewhere } from "./elsewhere.ts";
import { beginSession } from "./provider-session.ts";

const ADA = "ada@contoso.example";
export const OPTIONS = { attach: { navigations: true }, msal: { cache: { cacheLocation: "localStorage" } } };

/** The HTML of a page that posts to the API, embeds the API and links to the API. */
export const html = (stack: Stack, head = ""): string => {
  const orders = `${stack.site.origin}/api/orders`;
  return `<!doctype html>${head}
    <form method="post" target="post" action="${orders}?posted"><button>Post</button></form>
    <iframe name="post"></iframe><iframe src="${orders}?embedded"></iframe>
    <a href="${orders}?linked">Link</a>`;
};

export async function signIn(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.site.origin}/#${encodeURIComponent(JSON.stringify(OPTIONS))}`);
  await page.evaluate(() => window.attached.then(() => undefined));
  const { msalAuth } = stack.provider;
  await beginSession(page.request, msalAuth, `${stack.site.origin}/bearer-redirect.html`, ADA);
  // Not by `SitePage`, which drives Chromium alone.
  await page.evaluate(async (loginHint) => {
    const { account } = await window.msal.ssoSilent({ loginHint, scopes: ["openid"] });
    window.msal.setActiveAccount(account);
  }, ADA);
  // The worker has the token in its memory now.
  expect(await page.evaluate(() => fetch("/api/orders").then(({ status }) => status))).toBe(200);
  stack.api.reset();
}

/** How each request that the API received was authorized, by its query. */
export const asked = (stack: Stack): Record<string, string> =>
  Object.fromEntries(stack.api.received.map(({ query, authorization }) => [query, authorization]));

/** Lets another site post to the API and embed the API while the user is signed in, and expects no token. */
export async function attack(page: Page, stack: Stack): Promise<void> {
  await signIn(page, stack);
  const elsewhere = await openElsewhere();
  const other = await page.context().newPage();
  try {
    for (const policy of ["strict-origin-when-cross-origin", "unsafe-url", "no-referrer"]) {
      stack.api.reset();
      elsewhere.answer("/", (response) => {
        response.writeHead(200, { "Referrer-Policy": policy }).end(html(stack));
      });
      await other.goto(elsewhere.origin);
      await other.getByRole("button").click();
      await expect.poll(() => asked(stack), policy).toEqual({ posted: "none", embedded: "none" });
    }
  } finally {
    await elsewhere.close();
  }
}
