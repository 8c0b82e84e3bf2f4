import { readFileSync } from "node:fs";
import { expect, LANGUAGES, test } from "./demo-page.ts";
import { holdRequests } from "./held-requests.ts";

type Texts = Readonly<Record<string, string>>;

const textsIn = async (language: string): Promise<Texts> =>
  ((await import(`../../public/languages/${language}.js`)) as { default: Texts }).default;

for (const [locale, language, dir, headline] of [
  ["ar-EG", "ar", "rtl", "طلبات بلا تعديل تحصل على رموز الوصول."],
  // A language that the page does not have.
  ["fi-FI", "en", "ltr", "Unmodified requests gain bearer tokens."],
] as const) {
  test(`A browser in ${locale} gets the page in ${language}, and shows no other language before`, async ({
    demoFor,
  }) => {
    const demo = await demoFor({ locale });
    // Records the headline of each frame that would be painted.
    await demo.page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = (): void => {
        const headline = document.querySelector("h1");
        if (
          headline &&
          getComputedStyle(headline).visibility === "visible" &&
          seen.at(-1) !== headline.innerText
        ) {
          seen.push(headline.innerText);
        }
        requestAnimationFrame(look);
      };
      look();
    });
    await demo.open();

    await expect(demo.page.locator("html")).toHaveAttribute("lang", language);
    await expect(demo.page.locator("html")).toHaveAttribute("dir", dir);
    await expect(demo.page.getByRole("heading", { level: 1 })).toHaveText(headline);
    await expect(demo.page.locator("#language")).toHaveValue(language);
    expect(await demo.run(() => (window as unknown as { seen: string[] }).seen)).toEqual([
      headline.replace("bearer tokens", "bearer\u00a0tokens"),
    ]);
    const loaded = demo.stack.site.received
      .map(({ path }) => path)
      .filter((path) => /languages\//.test(path));
    expect([...new Set(loaded)].sort()).toEqual(
      [...new Set(["/languages/en.js", `/languages/${language}.js`])].sort(),
    );
  });
}

test("The page waits for a slow language, and is in English when the language does not load", async ({
  demoFor,
}) => {
  const demo = await demoFor({ locale: "de" });
  const german = await holdRequests(demo.page, "**/languages/de.js", "fail");
  await demo.page.goto(demo.stack.site.origin, { waitUntil: "commit" });
  await expect(demo.page.getByRole("heading", { level: 1, includeHidden: true })).toBeAttached();
  await expect(demo.page.locator("h1")).toBeHidden();

  german.release();
  await demo.started();
  await expect(demo.page.locator("h1")).toBeVisible();
  await expect(demo.page.locator("html")).toHaveAttribute("lang", "en");
  await expect(demo.page.locator("html")).toHaveAttribute("dir", "ltr");
});

test("Every language has all texts of the page and its scripts, with the same placeholders", async () => {
  const page = readFileSync("public/index.html", "utf8");
  const named = [...page.matchAll(/\bdata-(?:text|label|alt|content)="([^"]+)"/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(20);
  const english = await textsIn("en");
  const names = [...new Set([...named, ...Object.keys(english)])].filter((name) => name !== undefined).sort();
  const placeholders = (text = ""): string[] => (text.match(/\{\w+\}|`[^`]+`/g) ?? []).sort();

  for (const language of LANGUAGES.filter((name) => name !== "en")) {
    const texts = await textsIn(language);
    expect(Object.keys(texts).sort(), language).toEqual(names);
    for (const [name, text] of Object.entries(texts)) {
      expect(text.trim(), `${language} ${name}`).not.toBe("");
      if (name in english) {
        expect(placeholders(text), `${language} ${name}`).toEqual(placeholders(english[name]));
      }
    }
  }
});

test("The page shows no English in Arabic, apart from texts and the inspector that declare it, and numbers as in Egypt", async ({
  demoFor,
}) => {
  const demo = await demoFor({ locale: "ar-EG" });
  await demo.open();
  await demo.fill();
  const texts = new Set(Object.values(await textsIn("ar")));

  const english = await demo.run(() => {
    const inspector = document.querySelector("bearer-inspector")?.shadowRoot;
    if (!inspector) throw new Error("The inspector is missing");
    const apart = "script, style, template, code, bdi, option, .brand, [lang=en] *, [lang=en]";
    const found: string[] = [];
    for (const root of [document.documentElement, inspector]) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode as Text;
        if (!/\p{L}/u.test(data) || !parentElement || parentElement.closest(apart)) continue;
        if (!parentElement.dataset["text"]) found.push(data.trim());
      }
    }
    return found;
  });
  expect(english).toEqual([]);
  // The texts of marked elements are from the language's own file.
  for (const name of ["requests", "trouble", "send-all"]) {
    expect(texts).toContain(await demo.page.locator(`[data-text="${name}"]`).first().innerText());
  }

  await expect(demo.page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(demo.inspector).toHaveAttribute("lang", "en");
  await expect(demo.inspector).toHaveCSS("direction", "ltr");
  await expect(demo.inspector.locator("h4").first()).toHaveText(
    /^\d\d:\d\d:\d\d · \d+ requests?.* · \d+ ms$/,
  );
  // The page runs from right to left, with the inspector on its left.
  const [inspector, requests] = await Promise.all(
    [demo.inspector, demo.page.locator("#requests")].map((part) => part.boundingBox()),
  );
  expect((inspector?.x ?? NaN) + (inspector?.width ?? NaN)).toBeLessThanOrEqual(requests?.x ?? NaN);

  await expect(demo.card("stream").locator(".time")).toHaveText(/^[٠-٩٬]+ ملي ث$/);
  await expect(demo.card("stream").locator(".stage")).toHaveText(/الحدث [٠-٩]+، [٠-٩]+:[٠-٩]{2}:[٠-٩]{2}/);
});

test("A change of language translates the page without a reload, times are those of the user's country, and the next visit keeps the language", async ({
  demoFor,
}) => {
  const demo = await demoFor({ locale: "en-GB" });
  await demo.open();
  await demo.signIn();
  await demo.card("orders").getByRole("button").first().click();
  await expect(demo.card("orders")).toContainText("The API saw Ada Lovelace");
  await expect(demo.inspector.locator(".entry")).toHaveCount(1);
  await demo.button("revoke-tokens").click();
  await expect(demo.announcement).toContainText("Every token so far is refused");
  await expect(demo.inspector.locator(".entry[data-replayed]")).toHaveCount(1);
  const sent = demo.stack.api.received.filter(({ path }) => path === "/api/orders").length;

  await demo.card("stream").getByRole("button").first().click();
  await expect(demo.card("stream").locator(".time")).toHaveText(/^[\d,]+ ms$/);
  await expect(demo.card("stream").locator(".stage")).toHaveText(/Event \d+, \d{2}:\d{2}:\d{2}$/);

  const language = demo.page.getByLabel("Language");
  await language.focus();
  await language.selectOption("ja");

  await expect(demo.page.locator("html")).toHaveAttribute("lang", "ja");
  await expect(demo.page).toHaveTitle("bearer-worker: そのままのリクエストにトークンを");
  await expect(demo.card("orders")).toContainText("API が確認した内容: Ada Lovelace");
  await expect(demo.card("orders").getByRole("button").first()).toHaveAccessibleName("送信 注文を読み込む");
  await expect(demo.card("photo").getByRole("img", { includeHidden: true })).toHaveAttribute(
    "alt",
    "サインイン中のユーザーの肖像",
  );
  await expect(demo.announcement).toContainText("これまでのトークンはすべて拒否されます");
  await expect(demo.inspector.locator(".entry")).toHaveCount(3);
  await expect(demo.page.locator("#language")).toBeFocused();
  // The change sent no request to the API.
  expect(demo.stack.api.received.filter(({ path }) => path === "/api/orders")).toHaveLength(sent);

  await demo.page.locator("#language").selectOption("ar");
  await expect(demo.page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(demo.card("orders")).toContainText("ما رأته واجهة API: Ada Lovelace");
  await demo.page.reload();
  await demo.started();
  await expect(demo.page.locator("html")).toHaveAttribute("lang", "ar");
  await expect(demo.page.locator("html")).toHaveAttribute("dir", "rtl");
  await demo.page.locator("#language").selectOption("en");
  await expect(demo.page.locator("html")).toHaveAttribute("dir", "ltr");
  await expect(demo.page.locator("h1")).toHaveText("Unmodified requests gain bearer tokens.");
});
