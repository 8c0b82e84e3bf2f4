import { expect, received, test } from "./fixtures.ts";

const ADA = "ada@contoso.example";

test('whenSignedOut "sso" signs in with the provider\'s session', async ({ open, page, stack }) => {
  await (await open()).signIn(ADA);

  const visitor = await open({ attach: { whenSignedOut: "sso" } }, await page.context().newPage());
  expect(await visitor.fetch("/api/orders")).toMatchObject({ status: 200 });

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA]);
});

test('whenSignedOut "sso" tries once and shows no dialog', async ({ open, stack }) => {
  const visitor = await open({ attach: { whenSignedOut: "sso" } });

  for (let i = 0; i < 3; i++) expect(await visitor.fetch("/api/orders")).toMatchObject({ status: 401 });

  expect(stack.provider.requests.filter(({ endpoint }) => endpoint === "authorize")).toHaveLength(1);
  await expect(visitor.dialog).toHaveCount(0);
});

test('whenSignedOut "sso" shows no dialog when tokens for two APIs are wanted at once', async ({
  open,
  stack,
}) => {
  const visitor = await open({ attach: { whenSignedOut: "sso" } });

  const answers = [visitor.fetch("/api/orders"), visitor.fetch("api:/media/photo")];

  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401]);
  await expect(visitor.dialog).toHaveCount(0);
  expect(stack.api.received.map(({ authorization }) => authorization)).toEqual(["none", "none"]);
});

test('whenSignedOut "sso" does not sign a user in again after sign-out', async ({ open, stack }) => {
  const site = await open({ attach: { whenSignedOut: "sso" } });
  await site.signIn(ADA);
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  // The provider's session lives on.
  await site.run(() => window.msal.clearCache());

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  expect(await site.run(() => window.msal.getAllAccounts())).toEqual([]);
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA, null]);
});

test('whenSignedOut "interact" asks a visitor to sign in, and the request completes', async ({
  open,
  stack,
}) => {
  const visitor = await open({ attach: { whenSignedOut: "interact" } });

  const waiting = visitor.fetch("/api/orders");
  const popup = await visitor.openPopup();
  await popup.locator(`[data-account="${ADA}"]`).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([ADA]);
});

test("a navigation has no token with navigations: false, the default", async ({ site, stack }) => {
  await site.run(
    () =>
      new Promise<void>((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = () => resolve();
        frame.src = "/api/orders";
        document.body.append(frame);
      }),
  );

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([null]);
});

test("a protected page opens without a token with navigations: true when no page can give one", async ({
  open,
  page,
  stack,
}) => {
  await open({ attach: { navigations: true } });
  await page.goto("about:blank");

  const response = await page.goto(`${stack.site.origin}/api/orders`);

  expect(response?.status()).toBe(401);
});
