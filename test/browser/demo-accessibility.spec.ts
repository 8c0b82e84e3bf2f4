import { axeViolations } from "./axe-violations.ts";
import { type DemoPage, expect, LANGUAGES, test } from "./demo-page.ts";
import { holdRequests } from "./held-requests.ts";

const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced colours": { forcedColors: "active" },
} as const;

/** Everything in the page and in its inspector that a selector matches, as a function in the page. */
const EVERYWHERE = `(selector) => [document, document.querySelector("bearer-inspector").shadowRoot].flatMap((root) => [
  ...root.querySelectorAll(selector),
])`;

/** Keeps every text that live regions say, as screen readers would hear it. */
async function listen(demo: DemoPage): Promise<() => Promise<string[]>> {
  await demo.page.evaluate(() => {
    const heard = ((window as unknown as { heard: string[] }).heard = [] as string[]);
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
  return () => demo.run("heard");
}

for (const [look, preferences] of Object.entries(LOOKS)) {
  test(`axe finds nothing in any state of the demo (${look})`, async ({ demoFor }) => {
    test.slow();
    const demo = await demoFor(preferences);
    await demo.open();
    expect(await axeViolations(demo.page), "signed out").toEqual([]);

    await demo.sendAll();
    await expect(demo.card("orders")).toHaveAttribute("data-status", "401");
    expect(await axeViolations(demo.page), "requests refused").toEqual([]);

    await demo.fill();
    expect(await axeViolations(demo.page), "signed in, with results and an announcement").toEqual([]);

    const orders = await holdRequests(demo.page.context(), "**/api/orders", "fail");
    await demo.card("orders").getByRole("button").click();
    await expect(demo.card("orders")).toHaveAttribute("data-status", "pending");
    expect(await axeViolations(demo.page), "requests running").toEqual([]);

    orders.release();
    await expect(demo.card("orders")).toHaveAttribute("data-status", "error");
    expect(await axeViolations(demo.page), "network error").toEqual([]);
    await demo.page.context().unroute("**/api/orders");

    await demo.openDialog();
    expect(await axeViolations(demo.page), "asked to sign in").toEqual([]);
  });

  test(`axe finds nothing where tokens cannot be attached (${look})`, async ({ demoFor }) => {
    const demo = await demoFor(preferences);
    demo.stack.site.override("/bearer-sw.js", { status: 404 });
    await demo.page.goto(demo.stack.site.origin);
    await expect(demo.page.getByRole("alert")).toContainText("worker_registration_failed");

    expect(await axeViolations(demo.page)).toEqual([]);
  });
}

for (const language of LANGUAGES) {
  test(`in ${language} axe finds nothing either, and 320 pixels, 200 % zoom and wide letters are enough`, async ({
    demoFor,
  }) => {
    test.slow();
    const demo = await demoFor({ locale: language });
    await demo.open();
    await demo.fill();
    expect(await axeViolations(demo.page)).toEqual([]);

    // See https://www.w3.org/TR/WCAG22/#text-spacing
    const spacing =
      "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }";
    for (const style of ["", spacing]) {
      await demo.run(`(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(${JSON.stringify(style)});
        document.adoptedStyleSheets = [sheet];
        const { shadowRoot } = document.querySelector("bearer-inspector");
        window.sheets ??= shadowRoot.adoptedStyleSheets;
        shadowRoot.adoptedStyleSheets = [...window.sheets, sheet];
      })()`);
      for (const width of [1280, 1024, 768, 640, 360, 320]) {
        await demo.page.setViewportSize({ width, height: 360 });
        const { scrolls, cut } = await demo.run<{ scrolls: boolean; cut: string[] }>(`(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          const shown = (${EVERYWHERE})("body *, section *").filter((element) =>
            element.checkVisibility() && !element.closest(".spoken, .language, .skip, .axis, .bar, pre, video, select"));
          return {
            scrolls: scrollWidth > clientWidth,
            cut: shown.filter((element) => {
              const { left, right } = element.getBoundingClientRect();
              const overflows = element.matches(".heading") && element.scrollHeight > element.clientHeight + 1
                || element.getRootNode() !== document && element.scrollWidth > element.offsetWidth + 1;
              return left < -1 || right > clientWidth + 1 || overflows;
            }).map((element) => element.outerHTML.slice(0, 120)),
          };
        })()`);
        expect(cut, `${language} ${width}`).toEqual([]);
        expect(scrolls, `${language} ${width}`).toBe(false);
        // Texts in one line beside each other do not run into each other.
        expect(
          await demo.run(`[...document.querySelectorAll(".card")].filter((card) => {
            const [title, go] = [".title", ".go"].map((part) => {
              const range = new Range();
              range.selectNodeContents(card.querySelector(part));
              return range.getBoundingClientRect();
            });
            return title.bottom > go.top + 1 && title.top < go.bottom - 1 && title.left < go.right - 1 && title.right > go.left + 1;
          }).map(({ dataset }) => dataset.request)`),
          `${language} ${width}`,
        ).toEqual([]);
      }
    }
  });
}

test("by keyboard alone: past the header, sign in, send, make trouble, answer the dialog, sign out", async ({
  demo,
}) => {
  const { page } = demo;
  const focused = page.locator(":focus");
  const tabTo = async (name: string): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const names = await demo.run<string[]>(
        `(({ id, dataset }) => [id, dataset.action, dataset.trouble])(document.activeElement)`,
      );
      if (names.includes(name)) return;
    }
    throw new Error(`Tab does not come to ${name}`);
  };

  await page.keyboard.press("Tab");
  await expect(focused).toHaveText("Skip to the requests");
  await expect(focused).toBeInViewport();
  expect((await focused.boundingBox())?.height).toBeGreaterThan(24);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(focused).toHaveText("Send all");

  await demo.run(`document.querySelector(".skip").focus()`);
  await demo.signIn(async () => {
    await tabTo("sign-in");
    await page.keyboard.press("Enter");
  });
  // The button that was pressed is gone; the focus is not.
  await expect(focused).toHaveText("Sign out");
  await expect(demo.spoken).toHaveText("Signed in as Ada Lovelace.");

  await tabTo("send-orders");
  await page.keyboard.press("Space");
  await expect(demo.card("orders")).toHaveAttribute("data-status", "200");
  await expect(focused).toHaveAccessibleName("Send Read orders");

  await tabTo("revoke-tokens");
  await page.keyboard.press("Enter");
  await expect(demo.announcement).toContainText("Every token so far is refused");
  await expect(demo.announcement).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(demo.announcement).toBeHidden();

  await demo.openDialog();
  await expect(page.getByRole("dialog").locator(":focus")).toHaveText("Continue");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(focused).toHaveAttribute("data-trouble", "revoke-tokens");

  await demo.run(`document.querySelector(".skip").focus()`);
  await tabTo("sign-out");
  const popup = page.waitForEvent("popup");
  await page.keyboard.press("Enter");
  const leaving = await popup;
  if (!leaving.isClosed()) await leaving.waitForEvent("close");
  await expect(page.locator("body")).toHaveAttribute("data-session", "signed-out");
  await expect(focused).toHaveText("Sign in");
});

for (const [look, preferences] of Object.entries(LOOKS)) {
  test(`whatever has the focus shows it, in the order of the page, behind nothing (${look})`, async ({
    demoFor,
  }) => {
    const demo = await demoFor(preferences);
    await demo.page.setViewportSize({ width: 640, height: 480 });
    await demo.open();
    await demo.fill();
    // By keyboard to the first.
    await demo.run(`document.querySelector(".skip").focus()`);
    await demo.page.keyboard.press("Tab");
    const seen: string[] = [];
    const places: number[] = [];
    for (let i = 0; i < 80; i++) {
      await demo.page.keyboard.press(i === 0 ? "Shift+Tab" : "Tab");
      const at = await demo.run<{
        name: string;
        outline: string;
        hidden: boolean;
        place: number;
      } | null>(`(() => {
        const host = document.activeElement;
        if (host === document.body) return null;
        const element = host.shadowRoot?.activeElement ?? host;
        const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
        const { left, right, top, bottom } = element.getBoundingClientRect();
        // Some of it can be seen, with nothing of the page over it.
        const points = [[left + 4, top + 4], [right - 4, bottom - 4], [(left + right) / 2, (top + bottom) / 2]];
        const hidden = !points.some(([x, y]) => element.contains(element.getRootNode().elementFromPoint(x, y)));
        return {
          name: element.id || element.dataset.action || element.dataset.trouble || element.className || (element === host ? element.localName : element.textContent),
          outline: outlineStyle === "auto" || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\\)$/.test(outlineColor)) ? "shown" : "none",
          hidden,
          place: [...document.querySelectorAll("*")].indexOf(host),
        };
      })()`);
      if (!at || (i > 0 && at.name === seen[0])) break;
      // The video's own controls.
      if (at.name === seen.at(-1)) continue;
      seen.push(at.name);
      places.push(at.place);
      expect(at, at.name).toMatchObject({ outline: "shown", hidden: false });
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
}

test("live regions say each outcome once, and nothing of what goes on by itself", async ({ demo }) => {
  await demo.signIn();
  await demo.card("stream").getByRole("button").click();
  await expect(demo.card("stream")).toHaveAttribute("data-status", "200");
  const heard = await listen(demo);

  // The stream's events go on in the card, and the inspector's times run; nobody has to hear that.
  const ticker = demo.card("stream").locator(".stage");
  const before = await ticker.innerText();
  await expect(ticker).not.toHaveText(before);
  expect(await heard()).toEqual([]);

  await demo.card("orders").getByRole("button").click();
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
  await demo.button("stop-provider").click();
  await expect.poll(heard).toHaveLength(5);
  await demo.button("start-provider").click();
  await expect.poll(heard).toHaveLength(6);
  expect((await heard())[5]).toBe("The provider is back.");

  // What was said is not said again in another language.
  await demo.page.keyboard.press("Escape");
  await demo.page.locator("#language").selectOption("de");
  await expect(demo.page.locator("html")).toHaveAttribute("lang", "de");
  expect(await heard()).toHaveLength(6);
});

test("what goes wrong with signing in is said in words", async ({ demo }) => {
  const heard = await listen(demo);
  // Without a click that still counts the browser lets no window open.
  await demo.run(`void window.open("about:blank")?.close()`);
  await demo.run(`document.querySelector("[data-action=sign-in]").click()`);
  await expect(demo.announcement).toHaveText("The browser blocked the sign-in window.");
  expect(await heard()).toEqual(["The browser blocked the sign-in window."]);
});

test("with forced colours buttons have borders, bars can be seen, and code is not as if selected", async ({
  demoFor,
}) => {
  const demo = await demoFor({ forcedColors: "active" });
  await demo.open();
  await demo.fill();

  const looks = await demo.run<Record<string, string[]>>(`(() => {
    const of = (selector, pick) => [...new Set((${EVERYWHERE})(selector).filter((element) =>
      element.checkVisibility()).map((element) => String(pick(getComputedStyle(element)))))];
    const probe = document.body.appendChild(document.createElement("i"));
    const shown = ["CanvasText", "Highlight", "GrayText"].map((color) => {
      probe.style.color = color;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    const framed = ({ borderTopColor, borderTopWidth, backgroundColor }) =>
      parseFloat(borderTopWidth) >= 1 && borderTopColor !== backgroundColor;
    return {
      buttons: of("button, select", framed),
      announcement: of("#announcement", framed),
      bars: of(".entry .network, .film i", ({ backgroundColor, forcedColorAdjust }) =>
        forcedColorAdjust === "none" && shown.includes(backgroundColor)),
      highlights: [...CSS.highlights.keys()],
    };
  })()`);
  expect(looks).toEqual({ buttons: ["true"], announcement: ["true"], bars: ["true"], highlights: [] });
  await demo.page.emulateMedia({ forcedColors: "none" });
  await expect
    .poll(() => demo.run("[...CSS.highlights.keys()].sort()"))
    .toEqual(["code-keyword", "code-string"]);
});
