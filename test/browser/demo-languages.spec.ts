import { expect, LANGUAGES, test } from "./demo-page.ts";
import { holdRequests } from "./held-requests.ts";

type Texts = Readonly<Record<string, string>>;

const textsIn = async (language: string): Promise<Texts> =>
  ((await import(`../../public/languages/${language}.js`)) as { default: Texts }).default;

for (const [locale, language, dir, headline] of [
  ["de-AT", "de", "ltr", "Unveränderte Anfragen erhalten Bearer-Token."],
  ["ja-JP", "ja", "ltr", "そのままのリクエストにトークンを。"],
  ["ar-EG", "ar", "rtl", "طلبات بلا تعديل تحصل على رموز الوصول."],
  ["en-GB", "en", "ltr", "Unmodified requests gain bearer tokens."],
  // None of the page's.
  ["fi-FI", "en", "ltr", "Unmodified requests gain bearer tokens."],
] as const) {
  test(`a browser in ${locale} gets the page in ${language}, and sees no other language before`, async ({
    demoFor,
  }) => {
    const demo = await demoFor({ locale });
    // Each frame that would be painted tells what stands in it.
    await demo.page.addInitScript(() => {
      const seen = ((window as unknown as { seen: Set<string> }).seen = new Set<string>());
      const look = (): void => {
        const headline = document.querySelector("h1");
        if (headline && getComputedStyle(headline).visibility === "visible") seen.add(headline.innerText);
        requestAnimationFrame(look);
      };
      look();
    });
    await demo.open();

    await expect(demo.page.locator("html")).toHaveAttribute("lang", language);
    await expect(demo.page.locator("html")).toHaveAttribute("dir", dir);
    await expect(demo.page.getByRole("heading", { level: 1 })).toHaveText(headline);
    await expect(demo.page.locator("#language")).toHaveValue(language);
    expect(await demo.run("[...seen]")).toEqual([headline.replace("bearer tokens", "bearer\u00a0tokens")]);
    const loaded = demo.stack.site.received
      .map(({ path }) => path)
      .filter((path) => /languages\//.test(path));
    expect([...new Set(loaded)].sort()).toEqual(
      [...new Set(["/languages/en.js", `/languages/${language}.js`])].sort(),
    );
  });
}

test("the page waits for a language that is slow, and does without one that does not come", async ({
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

test("every language says all that the page and its scripts say, and fills in the same", async ({ demo }) => {
  const named = await demo.page.evaluate(() => {
    const ofPage = (root: ParentNode): HTMLElement[] => [
      ...root.querySelectorAll<HTMLElement>("*"),
      ...[...root.querySelectorAll("template")].flatMap(({ content }) => ofPage(content)),
    ];
    return ofPage(document).flatMap(({ dataset: { text, label, alt, content } }) => [
      text,
      label,
      alt,
      content,
    ]);
  });
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

for (const language of LANGUAGES.filter((name) => name !== "en")) {
  test(`nothing of the page is left in English in ${language}, but what says so`, async ({ demoFor }) => {
    const demo = await demoFor({ locale: language });
    await demo.open();
    await demo.fill();
    const texts = new Set(Object.values(await textsIn(language)));

    const found = await demo.run<string[]>(`(() => {
      const found = [];
      const walkers = [document.documentElement, document.querySelector("bearer-inspector").shadowRoot].map((root) =>
        document.createTreeWalker(root, NodeFilter.SHOW_TEXT));
      for (const walker of walkers) while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        const apart = "script, style, template, code, bdi, option, .brand, [lang=en] *, [lang=en]";
        if (/\\p{L}/u.test(data) && !parentElement.closest(apart)) found.push(parentElement.dataset.text ? "" : data.trim());
      }
      return found.filter(Boolean);
    })()`);
    expect(found).toEqual([]);
    // What is marked is there, from the language's own file.
    for (const name of ["requests", "trouble", "send-all"]) {
      expect(texts).toContain(await demo.page.locator(`[data-text="${name}"]`).first().innerText());
    }
  });
}

test("the user changes the language where they are: what is there follows, and their next visit remembers", async ({
  demoFor,
}) => {
  const demo = await demoFor({ locale: "en-US" });
  await demo.open();
  await demo.signIn();
  await demo.card("orders").getByRole("button").click();
  await expect(demo.card("orders")).toContainText("The API saw Ada Lovelace");
  await expect(demo.inspector.locator(".entry")).toHaveCount(1);
  await demo.button("revoke-tokens").click();
  await expect(demo.announcement).toContainText("Every token so far is refused");

  const language = demo.page.getByLabel("Language");
  await language.focus();
  await language.selectOption("ja");

  await expect(demo.page.locator("html")).toHaveAttribute("lang", "ja");
  await expect(demo.page).toHaveTitle("bearer-worker: そのままのリクエストにトークンを");
  await expect(demo.card("orders")).toContainText("API が確認した内容: Ada Lovelace");
  await expect(demo.card("orders").getByRole("button")).toHaveAccessibleName("送信 注文を読み込む");
  await expect(demo.card("photo").getByRole("img", { includeHidden: true })).toHaveAttribute(
    "alt",
    "サインイン中のユーザーの肖像",
  );
  await expect(demo.announcement).toContainText("これまでのトークンはすべて拒否されます");
  await expect(demo.inspector.locator(".entry")).toHaveCount(1);
  await expect(demo.page.locator("#language")).toBeFocused();
  // Nothing was sent for it but the texts.
  expect(demo.stack.api.received.filter(({ path }) => path === "/api/orders")).toHaveLength(1);

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

test("the inspector speaks English in every language, says so, and is written from left to right", async ({
  demoFor,
}) => {
  const demo = await demoFor({ locale: "ar-EG" });
  await demo.open();
  await demo.signIn();
  await demo.card("orders").getByRole("button").click();
  await expect(demo.inspector.locator(".entry")).toHaveCount(1);

  await expect(demo.page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(demo.inspector).toHaveAttribute("lang", "en");
  await expect(demo.inspector).toHaveCSS("direction", "ltr");
  await expect(demo.inspector.locator("h4")).toHaveText(/^\d\d:\d\d:\d\d · 1 request · 1 token · \d+ ms$/);
  // The page itself goes on from right to left, and has the inspector on its left.
  const [inspector, requests] = await Promise.all(
    [demo.inspector, demo.page.locator("#requests")].map((part) => part.boundingBox()),
  );
  expect((inspector?.x ?? NaN) + (inspector?.width ?? NaN)).toBeLessThanOrEqual(requests?.x ?? NaN);
});

test("numbers and times are written as in the user's own country", async ({ demoFor }) => {
  for (const [locale, time, clock] of [
    ["ar-EG", /^[٠-٩٬]+ ملي ث$/, /الحدث [٠-٩]+، [٠-٩]+:[٠-٩]{2}:[٠-٩]{2}/],
    ["de-DE", /^[\d.]+ ms$/, /Ereignis \d+, \d{2}:\d{2}:\d{2}$/],
    ["en-US", /^[\d,]+ ms$/, /Event \d+, \d{1,2}:\d{2}:\d{2} [AP]M$/],
    ["en-GB", /^[\d,]+ ms$/, /Event \d+, \d{2}:\d{2}:\d{2}$/],
  ] as const) {
    const demo = await demoFor({ locale });
    demo.stack.reset();
    await demo.open();
    await demo.signIn();
    await demo.card("stream").getByRole("button").click();
    await expect(demo.card("stream").locator(".time")).toHaveText(time);
    await expect(demo.card("stream").locator(".stage")).toHaveText(clock);
    await demo.page.context().close();
  }
});

test("the product's dialog speaks the language of the page", async ({ demoFor }) => {
  const demo = await demoFor({ locale: "ja" });
  await demo.open();
  await demo.signIn();
  await demo.button("revoke-session").click();
  await expect(demo.announcement).not.toBeEmpty();
  await demo.openDialog();

  await expect(demo.page.getByRole("dialog")).toHaveAccessibleName("もう一度サインインしてください");
});
