import { readdirSync, readFileSync } from "node:fs";
import type { Stack } from "../../dev/start-stack.ts";
import { axeViolations } from "./axe-violations.ts";
import { expect, type SitePage, test } from "./fixtures.ts";

const LANGUAGES = readdirSync("page/interaction/dialog/texts").map((file) => file.replace(".ts", ""));

/** Opens the dialog on a page in this language. */
async function openDialog(site: SitePage, lang: string): Promise<void> {
  await site.signIn();
  await site.run(`void (document.documentElement.lang = ${JSON.stringify(lang)})`);
  site.endSession();
  await site.useUpClick();
  site.fetch("/api/orders").catch(() => undefined);
  await site.dialogShown();
}

const textsIn = async (lang: string): Promise<Record<string, string>> =>
  ((await import(`../../page/interaction/dialog/texts/${lang}.ts`)) as { default: Record<string, string> }).default;

const inDialog = (expression: string): string =>
  `((dialog) => ${expression})([...document.querySelectorAll("div")].find(({ shadowRoot }) => shadowRoot).shadowRoot.querySelector("dialog"))`;

for (const lang of LANGUAGES) {
  test(`on a page in ${lang} the dialog speaks it, and its longest texts fit into a phone and 400 % zoom`, async ({
    open,
    page,
  }) => {
    const site = await open();
    await openDialog(site, lang);
    const texts = await textsIn(lang);

    await expect(site.dialog).toHaveAccessibleName(texts["title"] ?? "");
    await expect(site.dialog).toHaveAccessibleDescription(texts["message"] ?? "");
    await expect(site.dialog.getByRole("button")).toHaveText([
      texts["decline"] ?? "",
      texts["continue"] ?? "",
    ]);
    // The page names a language and no direction.
    expect(
      await site.run(inDialog(`[dialog.getRootNode().host.lang, getComputedStyle(dialog).direction]`)),
    ).toEqual([lang, /^(ar|he)$/.test(lang) ? "rtl" : "ltr"]);

    await (await site.openPopup(texts["continue"])).close();
    await expect(site.dialog.getByRole("status")).toHaveText(texts["popupClosed"] ?? "");
    await page.evaluate(() => window.open("about:blank")?.close());
    await site.run(
      inDialog(`void (dialog.querySelector("p").textContent = ${JSON.stringify(texts["popupBlocked"])})`),
    );
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 640, height: 360 },
      { width: 320, height: 180 },
    ]) {
      await page.setViewportSize(viewport);
      const box = (await site.dialog.boundingBox()) ?? { x: -1, y: -1, width: 0, height: 0 };
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(viewport.width);
      expect(box.y + box.height).toBeLessThanOrEqual(viewport.height);
      expect(await site.run(inDialog(`dialog.scrollWidth <= dialog.clientWidth`))).toBe(true);
      expect(await site.run(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
    }
    expect(await axeViolations(page, ["page-has-heading-one", "landmark-one-main"])).toEqual([]);
    await site.dialog.getByRole("button", { name: texts["decline"] ?? "" }).click();
    await expect(site.dialog).toHaveCount(0);
  });
}

for (const [tag, title] of [
  ["de-AT", "Bitte melden Sie sich erneut an"],
  ["zh-TW", "請重新登入"],
  ["zh", "请重新登录"],
  ["pt-BR", "Faça login novamente"],
  ["iw", "נא להתחבר שוב"],
  ["en-GB", "Please sign in again"],
  ["de_DE", "Please sign in again"],
  ["__proto__", "Please sign in again"],
  ["", "Please sign in again"],
] as const) {
  test(`lang="${tag}" is answered with "${title}"`, async ({ open }) => {
    const site = await open();
    await openDialog(site, tag);
    await expect(site.dialog).toHaveAccessibleName(title);
  });
}

test("what the page gives replaces its texts, and the rest stays in the page's language", async ({
  open,
}) => {
  const site = await open({ attach: { dialog: { title: "Willkommen zurück" } } });
  await openDialog(site, "de");

  await expect(site.dialog).toHaveAccessibleName("Willkommen zurück");
  await expect(site.dialog.getByRole("button")).toHaveText(["Jetzt nicht", "Weiter"]);
});

test("it follows a page that changes its language", async ({ open, page }) => {
  const site = await open();
  await openDialog(site, "fr");
  await expect(site.dialog).toHaveAccessibleName("Veuillez vous reconnecter");
  await page.keyboard.press("Escape");
  await expect(site.dialog).toHaveCount(0);

  await openDialog(site, "ja");
  await expect(site.dialog).toHaveAccessibleName("もう一度サインインしてください");
});

/** The page takes the package's modules, as with a bundler, and MSAL from where it is. */
function importModules(stack: Stack): void {
  const html = `<!doctype html><html lang="de"><title>Modules</title>
    <script src="/demo-config.js"></script><script src="/bearer-page.js"></script>
    <script type="importmap">{ "imports": { "@azure/msal-browser": "/msal.js" } }</script>
    <script type="module" src="/modules.js"></script>`;
  stack.site.override("/", { body: html });
  stack.site.override("/msal.js", {
    body: "export const { EventType, InteractionRequiredAuthError } = bearerWorker;",
  });
  stack.site.override("/modules.js", {
    body: `import { attachTokens } from "/index.js";
      window.msal = new bearerWorker.PublicClientApplication({
        auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
      });
      window.attached = attachTokens(window.msal, { protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });`,
  });
}

const modules = readdirSync("dist").filter((file) => /^index-.*\.js$/.test(file));
const moduleOf = async (lang: string): Promise<string> => {
  const { title = "" } = await textsIn(lang);
  const file = modules.find((name) => readFileSync(`dist/${name}`, "utf8").includes(title));
  if (!file) throw new Error(`No module says "${title}"`);
  return `/${file}`;
};

test("a page loads the one language that it needs, before the dialog does", async ({ open, page, stack }) => {
  importModules(stack);
  const german = await moduleOf("de");
  const loaded = page.waitForResponse((response) => new URL(response.url()).pathname === german);
  const site = await open();
  await loaded;
  // The next version of the site is there, with other files.
  for (const file of modules) stack.site.override(`/${file}`, { status: 404 });

  await openDialog(site, "de");
  await expect(site.dialog).toHaveAccessibleName("Bitte melden Sie sich erneut an");
  const others = await Promise.all(LANGUAGES.filter((lang) => lang !== "de").map(moduleOf));
  const requested = stack.site.received.map(({ path }) => path);
  expect(requested.filter((path) => others.includes(path))).toEqual([]);
});

test("a language that cannot be loaded any more leaves the dialog in English", async ({ open, stack }) => {
  importModules(stack);
  stack.site.override(await moduleOf("de"), { status: 404 });
  const site = await open();
  await openDialog(site, "de");

  await expect(site.dialog).toHaveAccessibleName("Please sign in again");
  expect(await site.run(inDialog(`dialog.getRootNode().host.lang`))).toBe("en");
});
