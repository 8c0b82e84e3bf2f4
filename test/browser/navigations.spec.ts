import { expect, test } from "./fixtures.ts";
import { asked, attack, html, signIn } from "./navigation-attack.ts";

test("another site can neither post nor embed in a user's name with navigations: true", async ({
  page,
  stack,
}) => {
  await attack(page, stack);
});

test("the site's own pages post, embed and link with a token with navigations: true", async ({
  page,
  stack,
}) => {
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
