import { DemoPage, expect, test } from "./demo-page.ts";
import { policyViolations } from "./policy-violations.ts";

test("The demo signs in, and every request carries its token to the API", async ({
  page,
  demoStack: stack,
}) => {
  const demo = new DemoPage(page, stack);
  const violations = policyViolations(page.context());
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await demo.open();
  await demo.signIn();
  await expect(page.locator("[data-user]").first()).toHaveText("Ada Lovelace");

  await demo.button("send-all").click();

  for (const [name, status] of [
    ["orders", "200"],
    ["new-order", "201"],
    ["photo", "200"],
    ["video", "206"],
    ["stream", "200"],
    ["web-worker", "200"],
    ["report", "200"],
    ["health", "200"],
  ] as const) {
    await expect(demo.card(name), name).toHaveAttribute("data-status", status);
  }
  await expect(page.locator("bearer-inspector .entry.page").first()).toBeVisible();
  const users = new Map(stack.api.received.map(({ path, token }) => [path, token?.username ?? null]));
  expect(Object.fromEntries(users)).toMatchObject({
    "/api/orders": "ada@contoso.example",
    "/api/orders/report.csv": "ada@contoso.example",
    "/media/photo": "ada@contoso.example",
    "/media/clip": "ada@contoso.example",
    "/media/events": "ada@contoso.example",
    "/api/health": null,
  });
  expect([...violations, ...errors]).toEqual([]);
});

test("A request right after “Revoke tokens” is answered, and the next one has a new token", async ({
  demo,
}) => {
  const { stack } = demo;
  await demo.signIn();
  const orders = demo.card("orders");
  const answered = () =>
    stack.api.received.filter(({ path }) => path === "/api/orders").map(({ status }) => status);
  await orders.getByRole("button").click();
  await expect(orders).toHaveAttribute("data-status", "200");

  await demo.button("revoke-tokens").click();
  await orders.getByRole("button").click();
  await expect.poll(() => answered().length).toBeGreaterThan(1);
  await expect(orders).toHaveAttribute("data-status", "200");

  await expect(demo.announcement).toContainText("Every token so far is refused");
  await orders.getByRole("button").click();
  await expect.poll(answered).toContain(401);
  await expect(orders).toHaveAttribute("data-status", "200");
  expect(answered().at(-1)).toBe(200);
});
