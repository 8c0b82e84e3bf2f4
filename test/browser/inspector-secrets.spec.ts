import { expect, test } from "./fixtures.ts";
import { inspectorPanel, panelWorks } from "./inspector-panel.ts";
import { tokensOf } from "./tokens-of.ts";

/** All that is under a node, shadow roots included: text and attributes. */
const under = (root: string): string => `(() => {
  const found = [];
  const visit = (root) => {
    found.push(root.textContent ?? "");
    for (const node of root.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) found.push(name + "=" + value);
      if (node.shadowRoot) visit(node.shadowRoot);
    }
  };
  visit(${root});
  return found.join(" ");
})()`;
const DOCUMENT = under("document.documentElement");
// MSAL's hidden iframes name the account to the provider.
const INSPECTOR = under(`document.querySelector("bearer-inspector").shadowRoot`);

test("nothing secret is ever in the document: no token, no query, no account's id", async ({
  context,
  open,
  page,
  stack,
}) => {
  const tokens = tokensOf(context);
  const site = await open();
  // What is there for a moment counts, too.
  await site.run(`import("/inspector.js").then(({ openInspector }) => {
    openInspector(window.attached, { account: () => window.msal.getAllAccounts()[0]?.name });
    window.seen = "";
    const look = () => (window.seen += ${INSPECTOR});
    new MutationObserver(look).observe(document.querySelector("bearer-inspector").shadowRoot, {
      subtree: true, childList: true, attributes: true, characterData: true,
    });
  })`);
  const panel = inspectorPanel(page);
  await panelWorks(panel);
  await site.signIn();
  const ids = await site.run<string[]>(`(({ homeAccountId, localAccountId, username }) =>
    [homeAccountId, localAccountId, username])(window.msal.getActiveAccount())`);

  await site.fetch("/api/orders?secret=1");
  await site.fetch("api:/media/photo?secret=2#secret");
  await stack.api.revokeTokens();
  await site.fetch("/api/orders?secret=3");
  await panel.getByRole("button", { name: "Forget tokens" }).click();
  site.endSession();
  await stack.api.revokeTokens();
  await site.useUpClick();
  const declined = site.fetch("/api/orders?secret=4");
  await (await site.dialogShown()).getByRole("button", { name: "Not now" }).click();
  await declined;
  const popup = page.waitForEvent("popup");
  await panel.getByRole("button", { name: "Sign in again" }).click();
  await (await popup).locator('[data-account="ada@contoso.example"]').click();
  await expect(panel.getByRole("status")).toContainText("Signed in");
  await stack.api.revokeTokens();
  stack.provider.stop();
  await site.fetch("/api/orders?secret=5", { method: "POST", body: "secret" });
  await expect(panel.locator(".entry")).toHaveCount(5);
  await expect(panel.locator(".marker.failed")).toHaveCount(2);

  const seen = await site.run<string>(`window.seen + ${INSPECTOR}`);
  // What is searched would be found: names of scopes and of the user are there.
  expect(seen).toContain("api://orders/Data.Read");
  expect(seen).toContain("Ada Lovelace");
  const given = await tokens();
  expect(given.length).toBeGreaterThan(5);
  const shown = await site.run<string>(DOCUMENT);
  expect(shown).toContain("Ada Lovelace");
  expect(given.filter((token) => seen.includes(token) || shown.includes(token))).toEqual([]);
  expect(ids.filter((id) => seen.includes(id))).toEqual([]);
  expect(seen).not.toMatch(/eyJ[\w-]{10,}|secret|bearer-worker=1/);
});
