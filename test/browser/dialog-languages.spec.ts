import { readdirSync, readFileSync } from "node:fs";
import type { Stack } from "../../dev/start-stack.ts";
import { axeViolations } from "./axe-violations.ts";
import { expect, needUser, type SitePage, test } from "./fixtures.ts";

const LANGUAGES = readdirSync("page/interaction/dialog/texts").map((file) => file.replace(".ts", ""));

const setLanguage = (site: SitePage, lang: string): Promise<void> =>
  site.run((tag) => {
    document.documentElement.lang = tag;
  }, lang);

/** Opens the dialog on a page in this language, by a request. */
async function openDialog(site: SitePage, lang: string): Promise<void> {
  await needUser(site);
  await setLanguage(site, lang);
  site.fetch("/api/orders").catch(() => undefined);
  await site.dialogShown();
}

/** Opens the dialog on a page in this language, by the attachment's `signIn`, which may be called again and again. */
async function askToSignIn(site: SitePage, lang: string): Promise<void> {
  await setLanguage(site, lang);
  // The lock of the question before may still be held. The page then tries silently first, and asks if that fails.
  site.endSession();
  await site.useUpClick();
  await site.run(() => {
    void window.attached.then(({ signIn }) => signIn()).catch(() => undefined);
  });
  await site.dialogShown();
}

const textsIn = async (lang: string): Promise<Record<string, string>> =>
  ((await import(`../../page/interaction/dialog/texts/${lang}.ts`)) as { default: Record<string, string> })
    .default;

/** The language that the dialog declares. */
const declaredLanguage = (site: SitePage): Promise<string> =>
  site.dialog.evaluate((dialog) => ((dialog.getRootNode() as ShadowRoot).host as HTMLElement).lang);

test("The dialog speaks each language that the page changes to, and its longest texts fit a phone and 400 % zoom", async ({
  page,
  site,
}) => {
  test.slow();
  for (const lang of LANGUAGES) {
    await askToSignIn(site, lang);
    const { title = "", message = "", decline = "", popupBlocked = "", ...texts } = await textsIn(lang);

    await expect(site.dialog, lang).toHaveAccessibleName(title);
    await expect(site.dialog, lang).toHaveAccessibleDescription(message);
    await expect(site.dialog.getByRole("button"), lang).toHaveText([decline, texts["continue"] ?? ""]);
    // The page names a language and no direction.
    await expect(site.dialog, lang).toHaveCSS("direction", /^(ar|he)$/.test(lang) ? "rtl" : "ltr");
    expect(await declaredLanguage(site)).toBe(lang);

    await site.dialog.getByRole("status").evaluate((status, longest) => {
      status.textContent = longest;
    }, popupBlocked);
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 640, height: 360 },
      { width: 320, height: 180 },
    ]) {
      await page.setViewportSize(viewport);
      const at = `${lang} ${JSON.stringify(viewport)}`;
      const box = (await site.dialog.boundingBox()) ?? { x: NaN, y: NaN, width: NaN, height: NaN };
      expect(box.x, at).toBeGreaterThanOrEqual(0);
      expect(box.y, at).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, at).toBeLessThanOrEqual(viewport.width);
      expect(box.y + box.height, at).toBeLessThanOrEqual(viewport.height);
      const isTooWide = await site.dialog.evaluate((dialog) => ({
        dialog: dialog.scrollWidth > dialog.clientWidth,
        page: document.documentElement.scrollWidth > innerWidth,
      }));
      expect(isTooWide, at).toEqual({ dialog: false, page: false });
    }
    // Once from right to left, and once from left to right.
    if (lang === "ar" || lang === "de") {
      expect(await axeViolations(page, ["page-has-heading-one", "landmark-one-main"]), lang).toEqual([]);
    }
    await site.dialog.getByRole("button", { name: decline }).click();
    await expect(site.dialog).toHaveCount(0);
  }
});

test("The dialog's status line and buttons speak the page's language after the popup was closed", async ({
  open,
}) => {
  const site = await open();
  const { popupClosed = "", ...texts } = await textsIn("de");
  await openDialog(site, "de");

  await (await site.openPopup(texts["continue"])).close();
  await expect(site.dialog.getByRole("status")).toHaveText(popupClosed);
  await expect(site.dialog.getByRole("button")).toHaveText([texts["decline"] ?? "", texts["tryAgain"] ?? ""]);
});

test("The page's lang attribute selects the nearest language that the dialog speaks, and English without one", async ({
  page,
  site,
}) => {
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
    await askToSignIn(site, tag);
    await expect(site.dialog, tag).toHaveAccessibleName(title);
    await page.keyboard.press("Escape");
    await expect(site.dialog).toHaveCount(0);
  }
});

/** Serves a page that imports the package's modules, as a bundler's output does, and takes MSAL from `bearer-page.js`. */
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

test("A page loads the one language that it needs before the dialog needs it", async ({
  open,
  page,
  stack,
}) => {
  importModules(stack);
  const german = await moduleOf("de");
  const loaded = page.waitForResponse((response) => new URL(response.url()).pathname === german);
  const site = await open();
  await loaded;
  // A deployment of the site's next version removes the files.
  for (const file of modules) stack.site.override(`/${file}`, { status: 404 });

  await openDialog(site, "de");
  await expect(site.dialog).toHaveAccessibleName("Bitte melden Sie sich erneut an");
  const others = await Promise.all(LANGUAGES.filter((lang) => lang !== "de").map(moduleOf));
  const requested = stack.site.received.map(({ path }) => path);
  expect(requested.filter((path) => others.includes(path))).toEqual([]);
});

test("The dialog is English when the page's language cannot be loaded any more", async ({ open, stack }) => {
  importModules(stack);
  stack.site.override(await moduleOf("de"), { status: 404 });
  const site = await open();
  await openDialog(site, "de");

  await expect(site.dialog).toHaveAccessibleName("Please sign in again");
  expect(await declaredLanguage(site)).toBe("en");
});
