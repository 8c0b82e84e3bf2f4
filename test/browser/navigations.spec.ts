import { test } from "./elsewhere.ts";
import { expect, SitePage } from "./fixtures.ts";
import { asked, attack, html, OPTIONS, signIn } from "./navigation-attack.ts";

const scripts = ["demo-config", "bearer-page", "site"].map((name) => `<script src="/${name}.js"></script>`);
const PAGE = { "Content-Type": "text/html" };

test("another site can neither post nor embed in a user's name with navigations: true", async ({
  page,
  stack,
}) => {
  await attack(page, stack);
});

test("the site's own pages link with a token with navigations: true, and neither post nor embed with one", async ({
  page,
  stack,
}) => {
  await signIn(page, stack);
  stack.site.override("/own.html", { headers: PAGE, body: html(stack, scripts.join("")) });

  await page.goto(`${stack.site.origin}/own.html${new URL(page.url()).hash}`);
  await page.getByRole("button").click();
  await expect.poll(() => asked(stack)).toEqual({ posted: "none", embedded: "none" });
  await page.getByRole("link").click();
  await expect.poll(() => asked(stack)).toMatchObject({ linked: "bearer" });
});

for (const target of ["the window", "a frame"] as const) {
  test(`a form that is sent to another site in ${target} gains no token where that site sends it`, async ({
    elsewhere,
    page,
    stack,
  }) => {
    await signIn(page, stack);
    const orders = `${stack.site.origin}/api/orders`;
    for (const status of [302, 303, 307, 308]) {
      stack.api.reset();
      elsewhere.answer("/", (response) => {
        response.writeHead(status, { Location: `${orders}?redirected=${status}` }).end();
      });
      const form = `<form method="post" action="${elsewhere.origin}/" ${target === "a frame" ? 'target="pay"' : ""}>
        <button>Pay</button></form><iframe name="pay"></iframe>`;
      stack.site.override("/shop.html", { headers: PAGE, body: scripts.join("") + form });
      await page.goto(
        `${stack.site.origin}/shop.html?${status}#${encodeURIComponent(JSON.stringify(OPTIONS))}`,
      );
      await (await SitePage.of(page, stack)).attached();
      await page.getByRole("button").click({ noWaitAfter: true });

      // A redirected form that has become a GET in the window is a link that any site could set: see docs/security.md.
      const isLink = target === "the window" && status < 307;
      await expect
        .poll(() => asked(stack), `${status}`)
        .toEqual({ [`redirected=${status}`]: isLink ? "bearer" : "none" });
      // Until then the navigation would interrupt the next one.
      if (target === "the window") await page.waitForURL(`${orders}?redirected=${status}`);
    }
  });
}
