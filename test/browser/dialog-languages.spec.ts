import { readdirSync, readFileSync } from "node:fs";
import { axeViolations } from "./axe-violations.ts";
import { expect, needUser, type SitePage, test } from "./fixtures.ts";
import { importModules } from "./import-modules.ts";

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

/** Runs in the page: the open dialog. A locator would count as a click, after which the popup opens without a dialog. */
function lookAtDialog(text?: string) {
  const dialog = [...document.querySelectorAll("div")]
    .map((host) => host.shadowRoot?.querySelector("dialog"))
    .find((found) => found);
  if (!dialog) return null;
  const root = dialog.getRootNode() as ShadowRoot;
  const named = (attribute: string): string | undefined =>
    root.getElementById(dialog.getAttribute(attribute) ?? "")?.textContent ?? undefined;
  const looks = {
    name: named("aria-labelledby"),
    description: named("aria-describedby"),
    buttons: [...dialog.querySelectorAll("button")].map(({ textContent }) => textContent),
    direction: getComputedStyle(dialog).direction,
    lang: (root.host as HTMLElement).lang,
  };
  const status = root.getElementById("status");
  if (status && text !== undefined) status.textContent = text;
  return looks;
}

/** Runs in the page: whether the open dialog fits the window. */
function misfitsOfDialog(): string[] {
  const dialog = [...document.querySelectorAll("div")]
    .map((host) => host.shadowRoot?.querySelector("dialog"))
    .find((found) => found);
  if (!dialog) return ["there is no dialog"];
  const { left, top, right, bottom } = dialog.getBoundingClientRect();
  return [
    ...(left < 0 || top < 0 || right > innerWidth || bottom > innerHeight ? ["out of the window"] : []),
    ...(dialog.scrollWidth > dialog.clientWidth ? ["the dialog scrolls sideways"] : []),
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : []),
  ];
}

/** Runs in the page: presses the first button of the dialog, which declines. */
function declineInDialog(): void {
  for (const host of document.querySelectorAll("div")) host.shadowRoot?.querySelector("button")?.click();
}

test("The dialog speaks each language that the page changes to, and its longest texts fit a phone and 400 % zoom", async ({
  page,
  site,
}) => {
  test.slow();
  for (const lang of LANGUAGES) {
    await askToSignIn(site, lang);
    const { title, message, decline, popupBlocked = "", ...texts } = await textsIn(lang);
    // The longest text takes the place of the status after this look.
    expect(await site.run(lookAtDialog, popupBlocked), lang).toEqual({
      name: title,
      description: message,
      buttons: [decline, texts["continue"]],
      // The page names a language and no direction.
      direction: /^(ar|he)$/.test(lang) ? "rtl" : "ltr",
      lang,
    });
    for (const viewport of [
      { width: 360, height: 740 },
      { width: 640, height: 360 },
      { width: 320, height: 180 },
    ]) {
      await page.setViewportSize(viewport);
      expect(await site.run(misfitsOfDialog), `${lang} ${JSON.stringify(viewport)}`).toEqual([]);
    }
    // Once from right to left, and once from left to right.
    if (lang === "ar" || lang === "de") {
      expect(await axeViolations(page, ["page-has-heading-one", "landmark-one-main"]), lang).toEqual([]);
    }
    await site.run(declineInDialog);
    await expect.poll(() => site.run(lookAtDialog)).toBe(null);
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
