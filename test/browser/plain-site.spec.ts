import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type MsalAuth } from "../../dev/identity-provider/tenant.ts";
import { startStack } from "../../dev/start-stack.ts";
import { expect, received, test } from "./fixtures.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

test("a site of plain HTML gains tokens from the files and script tags of `init`", async ({ page }) => {
  const site = test.info().outputPath("site");
  mkdirSync(site);
  const printed = execFileSync(process.execPath, [CLI, "init", site], { encoding: "utf8" });
  const stack = await startStack({ port: 0, roots: [site] });
  try {
    writeFileSync(`${site}/index.html`, plainPage(printed, stack.provider.msalAuth));
    await page.goto(stack.site.origin);

    const provider = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Sign in" }).click();
    await (await provider).locator('[data-account="ada@contoso.example"]').click();
    await expect(page.getByRole("status")).toHaveText("Ada is here");
    const status = await page.evaluate(async () => (await fetch("/api/orders")).status);

    expect(status).toBe(200);
    expect(received(stack, "/api/orders")).toEqual([
      { authorization: "bearer", user: "ada@contoso.example", audience: "api://orders" },
    ]);
  } finally {
    await stack.close();
  }
});

/** The two script tags as printed, with the placeholders filled in, and a button to sign in with. */
function plainPage(printed: string, auth: MsalAuth): string {
  const tags = /<script[^]*<\/script>/.exec(printed)?.[0] ?? "";
  const filledIn = tags
    .replace(/clientId: .*\s*authority: .*/, `...${JSON.stringify(auth)},`)
    .replace(/api:\/\/<.*>/, "api://orders/Data.Read");
  return `<!doctype html>
    <title>A plain site</title>
    ${filledIn}
    <button onclick="msal.loginPopup().then(() => (signedIn.value = 'Ada is here'))">Sign in</button>
    <output id="signedIn"></output>`;
}
