import { existsSync } from "node:fs";
import { type Browser, firefox, type Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { openElsewhere } from "./elsewhere.ts";
import { expect, test } from "./fixtures.ts";

/** What attacks need of a browser: Chromium tells the worker who started a navigation, Firefox does not. */
const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => existsSync(path));

const OPTIONS = { attach: { navigations: true }, msal: { cache: { cacheLocation: "localStorage" } } };

/** A page that posts to the API, embeds it and links to it. */
const html = (stack: Stack, head = ""): string => {
  const orders = `${stack.site.origin}/api/orders`;
  return `<!doctype html>${head}
    <form method="post" target="post" action="${orders}?posted"><button>Post</button></form>
    <iframe name="post"></iframe><iframe src="${orders}?embedded"></iframe>
    <a href="${orders}?linked">Link</a>`;
};

async function signIn(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.site.origin}/#${encodeURIComponent(JSON.stringify(OPTIONS))}`);
  await page.evaluate(() => window.attached.then(() => undefined));
  const popup = page.waitForEvent("popup");
  const signedIn = page.evaluate(async () => {
    const { account } = await window.msal.loginPopup({ scopes: ["openid"] });
    window.msal.setActiveAccount(account);
  });
  await (await popup).locator(`[data-account="ada@contoso.example"]`).click();
  await signedIn;
  // The token is in the worker now.
  expect(await page.evaluate(() => fetch("/api/orders").then(({ status }) => status))).toBe(200);
  stack.api.reset();
}

/** With what the API was asked. */
const asked = (stack: Stack): Record<string, string> =>
  Object.fromEntries(stack.api.received.map(({ query, authorization }) => [query, authorization]));

async function attack(page: Page, stack: Stack): Promise<void> {
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

test("with navigations another site can neither post nor embed in a user's name", async ({ page, stack }) => {
  await attack(page, stack);
});

test("with navigations another site can neither post nor embed in a user's name (Firefox)", async ({
  stack,
}) => {
  test.skip(!FIREFOX, "no Firefox here");
  const browser: Browser = await firefox.launch({
    channel: "moz-firefox",
    ...(FIREFOX && { executablePath: FIREFOX }),
    firefoxUserPrefs: { "dom.disable_open_during_load": false },
  });
  try {
    const context = await browser.newContext();
    await attack(await context.newPage(), stack);
  } finally {
    await browser.close();
  }
});

test("with navigations the site's own pages post, embed and link with a token", async ({ page, stack }) => {
  await signIn(page, stack);
  const scripts = ["demo-config", "bearer-page", "site"].map((name) => `<script src="/${name}.js"></script>`);
  stack.site.override("/own.html", {
    headers: { "Content-Type": "text/html" },
    body: html(stack, scripts.join("")),
  });

  await page.goto(`${stack.site.origin}/own.html${new URL(page.url()).hash}`);
  await page.getByRole("button").click();
  await expect.poll(() => asked(stack)).toEqual({ posted: "bearer", embedded: "bearer" });
  await page.getByRole("link").click();
  await expect.poll(() => asked(stack)).toMatchObject({ linked: "bearer" });
});
