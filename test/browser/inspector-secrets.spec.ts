import type * as inspector from "../../inspector/index.ts";
import { expect, type SitePage, test } from "./fixtures.ts";
import { inspectorPanel, panelWorks } from "./inspector-panel.ts";
import { tokensOf } from "./tokens-of.ts";

const INSPECTOR = "/inspector.js";

type WatchedWindow = typeof window & {
  /** Gives all text and attributes under a node, shadow roots included. */
  under: (root: Element | ShadowRoot) => string;
  /** Gives all that the inspector holds now. MSAL's hidden iframes, which are outside, name the account to the provider. */
  inInspector: () => string;
  /** All that the inspector has held, if only for a moment. */
  seen: string;
};

/** Opens the inspector, and keeps a record of its content from the start. */
const openWatchedInspector = (site: SitePage): Promise<void> =>
  site.run(async (module) => {
    const watched = window as WatchedWindow;
    watched.under = (root) => {
      const found = [root.textContent ?? ""];
      for (const node of root.querySelectorAll("*")) {
        for (const { name, value } of node.attributes) found.push(`${name}=${value}`);
        if (node.shadowRoot) found.push(watched.under(node.shadowRoot));
      }
      return found.join(" ");
    };
    const { openInspector } = (await import(module)) as typeof inspector;
    openInspector(window.attached, { account: () => window.msal.getAllAccounts()[0]?.name });
    const root = document.querySelector("bearer-inspector")?.shadowRoot;
    if (!root) throw new Error("There is no inspector");
    watched.inInspector = () => watched.under(root);
    watched.seen = "";
    new MutationObserver(() => (watched.seen += watched.inInspector())).observe(root, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  }, INSPECTOR);

test("the document never holds a token, a query or an account's id", async ({
  context,
  open,
  page,
  stack,
}) => {
  const tokens = tokensOf(context);
  const site = await open();
  await openWatchedInspector(site);
  const panel = inspectorPanel(page);
  await panelWorks(panel);
  await site.signIn();
  const ids = await site.run(() => {
    const account = window.msal.getActiveAccount();
    return account ? [account.homeAccountId, account.localAccountId, account.username] : [];
  });
  expect(ids).toHaveLength(3);

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

  const { seen, shown } = await site.run(() => {
    const { seen, inInspector, under } = window as WatchedWindow;
    return { seen: seen + inInspector(), shown: under(document.documentElement) };
  });
  // The search works: it finds the names of scopes and of the user.
  expect(seen).toContain("api://orders/Data.Read");
  expect(seen).toContain("Ada Lovelace");
  const given = await tokens();
  expect(given.length).toBeGreaterThan(5);
  expect(shown).toContain("Ada Lovelace");
  expect(given.filter((token) => seen.includes(token) || shown.includes(token))).toEqual([]);
  expect(ids.filter((id) => seen.includes(id))).toEqual([]);
  expect(seen).not.toMatch(/eyJ[\w-]{10,}|secret|bearer-worker=1/);
});
