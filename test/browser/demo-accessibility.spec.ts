import { axeViolations } from "./axe-violations.ts";
import { type DemoPage, expect, test } from "./demo-page.ts";
import { holdRequests } from "./held-requests.ts";

/** Records each text that the live regions announce, as screen readers would hear it. */
async function listen(demo: DemoPage): Promise<() => Promise<string[]>> {
  await demo.page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const inspector = document.querySelector("bearer-inspector")?.shadowRoot ?? document;
    for (const region of [document, inspector].flatMap((root) => [
      ...root.querySelectorAll<HTMLElement>("[role=status], [role=alert], [aria-live]"),
    ])) {
      new MutationObserver(
        () => region.textContent && region.checkVisibility() && heard.push(region.textContent.trim()),
      ).observe(region, {
        childList: true,
        subtree: true,
        characterData: true,
      });
    }
  });
  return () => demo.run(() => (window as unknown as { heard: string[] }).heard);
}

const LOOKS = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  "forced colours": { colorScheme: "light", forcedColors: "active" },
} as const;

/**
 * Looks for violations in a state.
 *
 * @param within the part of the page that only this state has
 */
async function expectAccessible({ page }: DemoPage, state: string, within?: string): Promise<void> {
  expect(await axeViolations(page, [], undefined, within), state).toEqual([]);
}

/** Looks at a state that has colours of its own once more in the dark: nothing else differs there. */
async function expectAccessibleInTheDark(demo: DemoPage, state: string, within?: string): Promise<void> {
  await demo.page.emulateMedia(LOOKS.dark);
  const found = await axeViolations(demo.page, [], ["color-contrast"], within);
  expect(found, `${state}, dark`).toEqual([]);
  await demo.page.emulateMedia(LOOKS.light);
}

test("axe finds no violation in any state of the demo, and forced colours leave borders and bars visible", async ({
  demoFor,
}) => {
  test.slow();
  const demo = await demoFor({ locale: "de-DE" });
  demo.stack.site.override("/bearer-sw.js", { status: 404 });
  await demo.page.goto(demo.stack.site.origin);
  await expect(demo.page.locator("#problem")).toContainText("worker_registration_failed");
  await expectAccessible(demo, "no worker", "#problem");
  await expectAccessibleInTheDark(demo, "no worker", "#problem");

  demo.stack.reset();
  await demo.open();
  await demo.sendAll();
  await expect(demo.card("orders")).toHaveAttribute("data-status", "401");
  await expectAccessible(demo, "signed out, with requests refused", ".top, #requests");

  await demo.fill();
  await demo.page.emulateMedia(LOOKS["forced colours"]);
  await checkForcedColors(demo);
  await demo.page.emulateMedia(LOOKS.light);
  // The announcement is there for five seconds.
  await demo.button("drop-streams").click();
  await expect(demo.announcement).not.toBeEmpty();
  await expectAccessible(demo, "signed in, with results and an announcement");
  await expectAccessibleInTheDark(demo, "signed in, with results and an announcement");

  const context = demo.page.context();
  const orders = await holdRequests(context, "**/api/orders", "fail");
  await context.route("**/report.csv", (route) => route.abort());
  for (const name of ["orders", "report"]) await demo.card(name).getByRole("button").first().click();
  await expect(demo.card("report")).toHaveAttribute("data-status", "error");
  await expect(demo.card("orders")).toHaveAttribute("data-status", "pending");
  await expectAccessible(demo, "a request running, and one that failed", "#cards");
  orders.release();
  await expect(demo.card("orders")).toHaveAttribute("data-status", "error");
  await context.unroute("**/api/orders");

  // The same page from right to left, on a phone, with the inspector closed.
  await demo.page.locator("#language").selectOption("ar");
  await demo.page.setViewportSize({ width: 390, height: 844 });
  await demo.inspector.getByRole("button", { name: "Close" }).click();
  await demo.card("orders").locator(".more").click();
  await expectAccessible(demo, "a phone, in Arabic");

  await demo.openDialog();
  await expect(demo.page.getByRole("dialog")).toHaveAccessibleName("يُرجى تسجيل الدخول مرة أخرى");
  await expectAccessible(demo, "asked to sign in", "html > div");
  await expectAccessibleInTheDark(demo, "asked to sign in");
});

async function checkForcedColors(demo: DemoPage): Promise<void> {
  const looks = await demo.run(() => {
    const inspector = document.querySelector("bearer-inspector")?.shadowRoot;
    if (!inspector) throw new Error("The inspector is missing");
    const stylesOf = (selector: string): CSSStyleDeclaration[] =>
      [document, inspector]
        .flatMap((root) => [...root.querySelectorAll(selector)])
        .filter((element) => element.checkVisibility())
        .map((element) => getComputedStyle(element));
    const isFramed = ({ borderTopColor, borderTopWidth, backgroundColor }: CSSStyleDeclaration): boolean =>
      parseFloat(borderTopWidth) >= 1 && borderTopColor !== backgroundColor;
    const probe = document.body.appendChild(document.createElement("i"));
    const shown = ["CanvasText", "Highlight", "GrayText"].map((color) => {
      probe.style.color = color;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    const isShown = ({ backgroundColor, backgroundImage, forcedColorAdjust }: CSSStyleDeclaration): boolean =>
      forcedColorAdjust === "none" && (shown.includes(backgroundColor) || backgroundImage !== "none");
    return {
      highlight: shown[1] ?? "",
      buttons: [...new Set(stylesOf("button, select").map(isFramed))],
      announcement: [...new Set(stylesOf("#announcement").map(isFramed))],
      bars: [...new Set(stylesOf(".entry:not(.pending) .course i, .film .event").map(isShown))],
    };
  });
  expect(looks).toMatchObject({ buttons: [true], announcement: [true], bars: [true] });
  const toggle = demo.button("expire-tokens");
  await expect(toggle).not.toHaveCSS("background-color", looks.highlight);
  await toggle.click();
  await expect(toggle).toHaveCSS("background-color", looks.highlight);
  await expect.poll(() => demo.run(() => CSS.highlights.size)).toBe(0);
  await demo.page.emulateMedia({ forcedColors: "none" });
  await expect
    .poll(() => demo.run(() => [...CSS.highlights.keys()].sort()))
    .toEqual(["code-keyword", "code-string"]);
}

test("The demo fits 320 pixels, 200 % zoom and wide letters, with long words and from right to left", async ({
  demoFor,
}) => {
  test.slow();
  const demo = await demoFor({ locale: "de" });
  await demo.open();
  await demo.fill();
  // See https://www.w3.org/TR/WCAG22/#text-spacing
  const spacing =
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }";
  for (const language of ["de", "ar"]) {
    await demo.page.locator("#language").selectOption(language);
    await expect(demo.page.locator("html")).toHaveAttribute("lang", language);
    for (const style of ["", spacing]) {
      await demo.run((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets = [sheet];
        const shadowRoot = document.querySelector("bearer-inspector")?.shadowRoot;
        if (!shadowRoot) throw new Error("The inspector is missing");
        const own = window as typeof window & { sheets?: CSSStyleSheet[] };
        own.sheets ??= [...shadowRoot.adoptedStyleSheets];
        shadowRoot.adoptedStyleSheets = [...own.sheets, sheet];
      }, style);
      for (const width of [1280, 1024, 768, 640, 360, 320]) {
        await demo.page.setViewportSize({ width, height: 360 });
        expect(await demo.run(findMisfits), `${language} ${width}`).toEqual({
          scrolls: false,
          cut: [],
          overlapping: [],
        });
      }
    }
  }
});

/** Runs in the page: the elements that do not fit, and the cards whose texts overlap. */
function findMisfits(): { scrolls: boolean; cut: string[]; overlapping: (string | undefined)[] } {
  const { scrollWidth, clientWidth } = document.documentElement;
  const inspector = document.querySelector("bearer-inspector")?.shadowRoot;
  if (!inspector) throw new Error("The inspector is missing");
  const apart = ".spoken, .language, .skip, .axis, .bar, pre, video, select";
  const cut = [document, inspector]
    .flatMap((root) => [...root.querySelectorAll<HTMLElement>("body *, section *")])
    .filter((element) => element.checkVisibility() && !element.closest(apart))
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      const isTooHigh = element.matches(".heading") && element.scrollHeight > element.clientHeight + 1;
      const isTooWide = element.getRootNode() !== document && element.scrollWidth > element.offsetWidth + 1;
      return left < -1 || right > clientWidth + 1 || isTooHigh || isTooWide;
    })
    .map((element) => element.outerHTML.slice(0, 120));
  const overlapping = [...document.querySelectorAll<HTMLElement>(".card")]
    .filter((card) => {
      const [title, go] = [".title", ".go"].map((part) => {
        const range = new Range();
        range.selectNodeContents(card.querySelector(part) ?? card);
        return range.getBoundingClientRect();
      });
      if (!title || !go) return true;
      const besides = title.bottom > go.top + 1 && title.top < go.bottom - 1;
      return besides && title.left < go.right - 1 && title.right > go.left + 1;
    })
    .map(({ dataset }) => dataset["request"]);
  return { scrolls: scrollWidth > clientWidth, cut, overlapping };
}

/** Runs in the page: focuses the first link, from which the keyboard goes on. */
const focusFirst = (): void => document.querySelector<HTMLElement>(".skip")?.focus();

test("The keyboard alone is enough to skip the header, sign in, send, make trouble, answer the dialog and sign out", async ({
  demo,
}) => {
  const { page } = demo;
  const focused = page.locator(":focus");
  const tabTo = async (name: string): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const names = await demo.run(() => {
        const { id, dataset } = document.activeElement as HTMLElement;
        return [id, dataset["action"], dataset["trouble"]];
      });
      if (names.includes(name)) return;
    }
    throw new Error(`The Tab key does not reach ${name}`);
  };

  await page.keyboard.press("Tab");
  await expect(focused).toHaveText("Skip to the requests");
  await expect(focused).toBeInViewport();
  expect((await focused.boundingBox())?.height).toBeGreaterThan(24);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(focused).toHaveText("Send all");

  await demo.run(focusFirst);
  await demo.signIn(async () => {
    await tabTo("sign-in");
    await page.keyboard.press("Enter");
  });
  // The pressed button is gone, and the focus has moved on.
  await expect(focused).toHaveText("Sign out");
  await expect(demo.spoken).toHaveText("Signed in as Ada Lovelace.");

  await tabTo("revoke-tokens");
  await expect(focused).toHaveAccessibleDescription(/^The API refuses every token so far/);
  await page.keyboard.press("Enter");
  await expect(demo.announcement).toContainText("Every token so far is refused");
  await expect(demo.announcement).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(demo.announcement).toBeHidden();

  await tabTo("send-orders");
  await page.keyboard.press("Space");
  await expect(demo.card("orders")).toHaveAttribute("data-status", "200");
  await expect(focused).toHaveAccessibleName("Send Read orders");

  await demo.openDialog();
  await expect(page.getByRole("dialog").locator(":focus")).toHaveText("Sign in");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(focused).toHaveAccessibleName("Send Read orders");

  await demo.run(focusFirst);
  await tabTo("sign-out");
  const popup = page.waitForEvent("popup");
  await page.keyboard.press("Enter");
  const leaving = await popup;
  if (!leaving.isClosed()) await leaving.waitForEvent("close");
  await expect(page.locator("body")).toHaveAttribute("data-session", "signed-out");
  await expect(focused).toHaveText("Sign in");
});

/** Runs in the page: the focused element, or null at the end of the page. */
function lookAtFocus() {
  const host = document.activeElement;
  if (!(host instanceof HTMLElement) || host === document.body) return null;
  const element = (host.shadowRoot?.activeElement ?? host) as HTMLElement;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  const isDrawn = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(", 0)");
  const { left, right, top, bottom } = element.getBoundingClientRect();
  // The focused element can be seen in part: nothing of the page covers all of these points.
  const points: [number, number][] = [
    [left + 4, top + 4],
    [right - 4, bottom - 4],
    [(left + right) / 2, (top + bottom) / 2],
  ];
  const root = element.getRootNode() as Document | ShadowRoot;
  const { action, trouble } = element.dataset;
  const ownName = element === host ? element.localName : element.textContent;
  return {
    name: element.id || action || trouble || element.className || ownName,
    outline: outlineStyle === "auto" || isDrawn,
    hidden: !points.some(([x, y]) => element.contains(root.elementFromPoint(x, y))),
    place: [...document.querySelectorAll("*")].indexOf(host),
  };
}

/** Runs in the page: the focusable elements that have no outline while they have the focus. */
function withoutOutline(): string[] {
  const inspector = document.querySelector("bearer-inspector")?.shadowRoot;
  if (!inspector) throw new Error("The inspector is missing");
  return [document, inspector]
    .flatMap((root) => [...root.querySelectorAll<HTMLElement>("a, button, select, pre, [tabindex='0']")])
    .filter((element) => element.checkVisibility())
    .filter((element) => {
      element.focus({ focusVisible: true } as FocusOptions);
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      const isDrawn = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return outlineStyle !== "auto" && (!isDrawn || outlineColor.endsWith(", 0)"));
    })
    .map(({ outerHTML }) => outerHTML.slice(0, 80));
}

test("The focus is visible in every look, in the order of the page, and behind nothing", async ({
  demoFor,
}) => {
  test.slow();
  const demo = await demoFor({});
  await demo.open();
  await demo.fill();
  // The inspector lies over the page's lower half.
  await demo.page.setViewportSize({ width: 640, height: 480 });
  // The keyboard goes to the first element, which shows the focus from then on.
  await demo.run(focusFirst);
  await demo.page.keyboard.press("Tab");
  const seen: string[] = [];
  const places: number[] = [];
  for (let i = 0; i < 80; i++) {
    await demo.page.keyboard.press(i === 0 ? "Shift+Tab" : "Tab");
    const at = await demo.run(lookAtFocus);
    if (!at || (i > 0 && at.name === seen[0])) break;
    // The video's own controls have the video's name.
    if (at.name === seen.at(-1)) continue;
    seen.push(at.name);
    places.push(at.place);
    expect(at, at.name).toMatchObject({ outline: true, hidden: false });
  }
  for (const look of ["dark", "forced colours"] as const) {
    await demo.page.emulateMedia(LOOKS[look]);
    expect(await demo.run(withoutOutline), look).toEqual([]);
  }
  expect(seen).toEqual(
    expect.arrayContaining([
      "skip",
      "sign-out",
      "language",
      "send-all",
      "send-orders",
      "Close",
      "body",
      "Forget tokens",
      "drop-streams",
    ]),
  );
  expect(places).toEqual([...places].sort((one, other) => one - other));
});

test(
  "The live regions announce each outcome and each failed sign-in once, in words, and nothing that goes on by itself",
  { tag: "@windows" },
  async ({ demo }) => {
    const heardBefore = await listen(demo);
    // The browser opens no window without a click that still counts.
    await demo.run(() => window.open("about:blank")?.close());
    await demo.run(() => document.querySelector<HTMLElement>("[data-action=sign-in]")?.click());
    await expect(demo.announcement).toHaveText("The browser blocked the sign-in window.");
    expect(await heardBefore()).toEqual(["The browser blocked the sign-in window."]);

    await demo.signIn();
    await demo.card("stream").getByRole("button").first().click();
    await expect(demo.card("stream")).toHaveAttribute("data-status", "200");
    const heard = await listen(demo);

    // The stream's events go on in the card and the inspector's times run, without an announcement.
    const ticker = demo.card("stream").locator(".stage");
    const before = await ticker.innerText();
    await expect(ticker).not.toHaveText(before);
    expect(await heard()).toEqual([]);

    await demo.card("orders").getByRole("button").first().click();
    await expect
      .poll(heard)
      .toEqual([
        expect.stringMatching(
          /^Read orders: 200, [\d,]+ ms\. The API saw Ada Lovelace · api:\/\/orders · Data\.Read$/,
        ),
      ]);
    await demo.sendAll();
    await expect.poll(heard).toHaveLength(2);
    expect((await heard())[1]).toBe("10 of 10 requests succeeded.");
    await demo.button("send-hundred").click();
    await expect.poll(heard).toHaveLength(4);
    expect((await heard()).slice(2)).toEqual([
      "100 requests are on their way.",
      expect.stringMatching(/^100 of 100 were answered with 200, in [\d,]+ ms\.$/),
    ]);
    await demo.button("revoke-tokens").click();
    await expect.poll(heard).toHaveLength(5);
    await demo.button("drop-streams").click();
    await expect.poll(heard).toHaveLength(6);
    expect((await heard())[5]).toBe("The API ended the event stream. The browser opens it again by itself.");

    // A change of language repeats no announcement.
    await demo.page.keyboard.press("Escape");
    await demo.page.locator("#language").selectOption("de");
    await expect(demo.page.locator("html")).toHaveAttribute("lang", "de");
    expect(await heard()).toHaveLength(6);
  },
);
