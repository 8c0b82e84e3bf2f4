import { expect, pickInPopup, receivedKinds, test } from "./example-site.ts";

const ADA = "ada@contoso.example";
const READS = `GET /api/orders bearer ${ADA} api://orders Data.Read`;

test("a production build of Next.js attaches tokens in the app router and in the pages router", async ({
  page,
  serveExample,
}) => {
  const { stack } = await serveExample("next");
  await page.goto(stack.site.origin);
  await pickInPopup(page, "Sign in", ADA);
  await expect(page.getByRole("status")).toHaveText(`Orders of ${ADA}`);
  expect(receivedKinds(stack)).toEqual([READS, "GET /api/orders none"]);

  stack.api.reset();
  await page.goto(`${stack.site.origin}/older.html`);
  await expect(page.getByRole("status")).toHaveText(`Orders of ${ADA}`);
  expect(receivedKinds(stack)).toEqual([READS]);
});
