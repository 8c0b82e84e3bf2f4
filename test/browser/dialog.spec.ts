import type { Page } from "@playwright/test";
import { axeViolations } from "./axe-violations.ts";
import { expect, received, replaceScript, type SitePage, test } from "./fixtures.ts";
import { policyViolations } from "./policy-violations.ts";

const ADA = "ada@contoso.example";
const account = `[data-account="${ADA}"]`;

/** Opens the dialog by a request that waits for it. */
async function openDialog(site: SitePage): Promise<{ readonly waiting: ReturnType<SitePage["fetch"]> }> {
  await site.signIn();
  site.endSession();
  await site.useUpClick();
  const waiting = site.fetch("/api/orders");
  // Some tests end before it does.
  waiting.catch(() => undefined);
  await site.dialogShown();
  return { waiting };
}

/** The bare page itself has neither headings nor landmarks. */
const violations = (page: Page): Promise<string[]> =>
  axeViolations(page, ["page-has-heading-one", "landmark-one-main"]);

/** What has the focus, shadow roots included: its text, id or name. */
const FOCUSED = `(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.id || element?.textContent || element?.localName;
})()`;

/** An expression about the dialog, called \`dialog\`. */
const inDialog = (expression: string): string =>
  `((dialog) => ${expression})([...document.querySelectorAll("div")].find(({ shadowRoot }) => shadowRoot).shadowRoot.querySelector("dialog"))`;

/** Contrast between two colours as computed styles name them. See https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((channel) => {
      const value = Number(channel) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`its colours have contrast enough (${colorScheme})`, async ({ open, page }) => {
    await page.emulateMedia({ colorScheme });
    const site = await open();
    await site.run(`document.documentElement.style.colorScheme = "light dark"`);
    await openDialog(site);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Shift+Tab");

    const [background, text, button, label, border, outline] = (await site.run<string[]>(
      inDialog(`(() => {
        const { backgroundColor, color } = getComputedStyle(dialog);
        const go = getComputedStyle(dialog.querySelector("[autofocus]"));
        const no = getComputedStyle(dialog.querySelector("button"));
        return [backgroundColor, color, go.backgroundColor, go.color, no.borderTopColor, go.outlineColor];
      })()`),
    )) as [string, string, string, string, string, string];
    expect(contrast(background, colorScheme === "dark" ? "rgb(0,0,0)" : "rgb(255,255,255)")).toBeLessThan(
      1.5,
    );
    expect(contrast(background, text)).toBeGreaterThan(7);
    expect(contrast(button, label)).toBeGreaterThan(4.5);
    for (const shape of [button, border, outline]) {
      expect(contrast(background, shape)).toBeGreaterThan(3);
    }
  });

  test(`the dialog has no accessibility violation (${colorScheme})`, async ({ open, page }) => {
    await page.emulateMedia({ colorScheme });
    const site = await open();
    await site.run(
      `document.documentElement.lang = "en", document.documentElement.style.colorScheme = "light dark"`,
    );
    const { waiting } = await openDialog(site);
    expect(await violations(page)).toEqual([]);

    await (await site.openPopup()).close();
    await expect(site.dialog).toContainText("was closed");
    expect(await violations(page)).toEqual([]);

    await page.keyboard.press("Escape");
    await waiting;
  });
}

test("it is named and described, and says what happens in a status line", async ({ open }) => {
  const site = await open();
  await openDialog(site);

  await expect(site.dialog).toHaveAccessibleName("Please sign in again");
  await expect(site.dialog).toHaveAccessibleDescription(/your sign-in has to be confirmed/);
  const status = site.dialog.getByRole("status");
  await expect(status).toContainText("has to be confirmed");
  await (await site.openPopup()).close();
  await expect(status).toContainText("The sign-in window was closed.");
});

test("by keyboard alone: the focus stays in the dialog, opens the popup, and returns to where it was", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.run(
    `document.body.innerHTML = "<button id=before></button><input id=field><button id=after></button>"`,
  );
  await site.signIn();
  site.endSession();
  await site.useUpClick();
  await page.locator("#field").focus();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  const visited = new Set<string>();
  for (let i = 0; i < 8; i++) {
    visited.add(await site.run(FOCUSED));
    await page.keyboard.press(i < 4 ? "Tab" : "Shift+Tab");
  }
  // Between the last button and the first, the browser's own controls have their turn; the page never has.
  expect([...visited].filter((name) => !/^(body|html)$/.test(name)).sort()).toEqual(["Continue", "Not now"]);

  while ((await site.run(FOCUSED)) !== "Continue") await page.keyboard.press("Tab");
  const opened = page.waitForEvent("popup");
  await page.keyboard.press("Enter");
  const popup = await opened;
  await popup.locator(account).press("Enter");

  expect(await waiting).toMatchObject({ status: 200 });
  expect(await site.run(FOCUSED)).toBe("field");
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("Escape gives the focus back, too", async ({ open, page }) => {
  const site = await open();
  await site.run(`document.body.innerHTML = "<input id=field>"`);
  await site.signIn();
  site.endSession();
  await page.locator("#field").focus();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  await page.keyboard.press("Escape");

  expect(await waiting).toMatchObject({ status: 401 });
  expect(await site.run(FOCUSED)).toBe("field");
});

test("a page that makes its body inert, or replaces it, keeps the dialog", async ({ open, page }) => {
  const site = await open();
  const { waiting } = await openDialog(site);
  await site.run(`document.body.inert = true, document.body.replaceChildren(), undefined`);

  const popup = await site.openPopup();
  await popup.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

for (const [what, viewport] of [
  ["390 px wide", { width: 390, height: 844 }],
  ["320 px wide", { width: 320, height: 480 }],
  ["at 200 % zoom", { width: 640, height: 360 }],
  ["at 400 % zoom", { width: 320, height: 180 }],
] as const) {
  test(`it fits into a page that is ${what}, and its buttons can be reached`, async ({ open, page }) => {
    await page.setViewportSize(viewport);
    const site = await open();
    // As large as a user's own font settings make it.
    await site.run(`document.documentElement.style.fontSize = "20px"`);
    await openDialog(site);

    const box = await site.dialog.boundingBox();
    expect(box).not.toBeNull();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
    expect(await site.run(inDialog(`dialog.scrollWidth <= dialog.clientWidth`))).toBe(true);
    expect(await site.run(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
    const sizes = await site.run<number[]>(
      inDialog(
        `[...dialog.querySelectorAll("button")].map((button) => button.getBoundingClientRect().height)`,
      ),
    );
    for (const size of sizes) expect(size).toBeGreaterThanOrEqual(44);
    await site.dialog.getByRole("button", { name: "Not now" }).click();
    await expect(site.dialog).toHaveCount(0);
  });
}

test("nothing in it moves, whatever the user prefers", async ({ open, page }) => {
  for (const reducedMotion of ["reduce", "no-preference"] as const) {
    await page.emulateMedia({ reducedMotion });
    const site = await open();
    await openDialog(site);
    expect(
      await site.run(
        inDialog(`[dialog, ...dialog.querySelectorAll("*")].flatMap((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element);
          return [animationName, transitionDuration, element.getAnimations().length];
        }).filter((value) => !["none", "0s", 0].includes(value))`),
      ),
    ).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(site.dialog).toHaveCount(0);
  }
});

test("with forced colours its buttons have borders, and the focus an outline", async ({ open, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  const site = await open();
  await openDialog(site);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");

  expect(await violations(page)).toEqual([]);
  const looks = await site.run<string[][]>(
    inDialog(`[...dialog.querySelectorAll("button")].map((button) => {
      const { borderTopColor, borderTopWidth, backgroundColor } = getComputedStyle(button);
      return [borderTopWidth, String(borderTopColor === backgroundColor)];
    })`),
  );
  expect(looks).toEqual([
    ["1px", "false"],
    ["1px", "false"],
  ]);
  expect(await site.run(inDialog(`getComputedStyle(dialog.getRootNode().activeElement).outlineWidth`))).toBe(
    "3px",
  );
});

test("the page themes it with custom properties", async ({ open }) => {
  const site = await open();
  await site.run(`(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(\`
      :root {
        --bearer-worker-background: rgb(1, 2, 3); --bearer-worker-color: rgb(250, 251, 252);
        --bearer-worker-accent: rgb(255, 200, 0); --bearer-worker-accent-color: rgb(9, 9, 9);
        --bearer-worker-border: rgb(4, 5, 6); --bearer-worker-radius: 3px; --bearer-worker-font: monospace;
        --bearer-worker-backdrop: rgb(7, 8, 9);
      }
      dialog, h2, p, button { display: none !important; color: red !important }
    \`);
    document.adoptedStyleSheets = [sheet];
  })()`);
  await openDialog(site);

  // The page's own rules end at the shadow root.
  await expect(site.dialog).toBeVisible();
  expect(
    await site.run(
      inDialog(`(() => {
        const { backgroundColor, color, borderTopColor, borderTopLeftRadius, fontFamily } = getComputedStyle(dialog);
        const go = getComputedStyle(dialog.querySelector("[autofocus]"));
        const behind = getComputedStyle(dialog, "::backdrop").backgroundColor;
        return [backgroundColor, color, borderTopColor, borderTopLeftRadius, fontFamily, go.backgroundColor, go.color, behind];
      })()`),
    ),
  ).toEqual([
    "rgb(1, 2, 3)",
    "rgb(250, 251, 252)",
    "rgb(4, 5, 6)",
    "3px",
    "monospace",
    "rgb(255, 200, 0)",
    "rgb(9, 9, 9)",
    "rgb(7, 8, 9)",
  ]);
});

test("its texts are an option, in the page's language and direction", async ({ open }) => {
  const dialog = {
    title: "براہِ کرم دوبارہ سائن اِن کریں",
    continue: "جاری رکھیں",
    popupClosed: "ونڈو بند ہو گئی۔",
  };
  const site = await open({ attach: { dialog } });
  await site.run(`Object.assign(document.documentElement, { lang: "ur", dir: "rtl" }), undefined`);
  await openDialog(site);

  await expect(site.dialog).toHaveAccessibleName(dialog.title);
  // Those left out are English, for the dialog speaks no Urdu.
  await expect(site.dialog.getByRole("button", { name: "Not now" })).toBeVisible();
  expect(await site.run(inDialog(`getComputedStyle(dialog).direction`))).toBe("rtl");
  const [decline, go] = await site.run<number[]>(
    inDialog(`[...dialog.querySelectorAll("button")].map((button) => button.getBoundingClientRect().x)`),
  );
  expect(go).toBeLessThan(decline ?? 0);
  await (await site.openPopup(dialog.continue)).close();
  await expect(site.dialog.getByRole("status")).toHaveText(dialog.popupClosed);
});

test("in English it says so on a page of a language that it does not speak", async ({ open }) => {
  const site = await open();
  await site.run(`Object.assign(document.documentElement, { lang: "ur", dir: "rtl" }), undefined`);
  await openDialog(site);

  await expect(site.dialog).toHaveAccessibleName("Please sign in again");
  expect(
    await site.run(inDialog(`[dialog.getRootNode().host.lang, getComputedStyle(dialog).direction]`)),
  ).toEqual(["en", "ltr"]);
});

test("texts that are a function are asked for each time", async ({ open, page, stack }) => {
  replaceScript(
    stack,
    `bearerWorker.attachTokens(window.msal, {
      protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
      dialog: () => (document.documentElement.lang === "de" ? { title: "Willkommen zurück" } : {}),
    })`,
  );
  const site = await open();
  await openDialog(site);
  await expect(site.dialog).toHaveAccessibleName("Please sign in again");
  await page.keyboard.press("Escape");
  await expect(site.dialog).toHaveCount(0);

  await site.run(`document.documentElement.lang = "de"`);
  await openDialog(site);
  await expect(site.dialog).toHaveAccessibleName("Willkommen zurück");
  await expect(site.dialog.getByRole("button", { name: "Jetzt nicht" })).toBeVisible();
});

test("under a strict policy without inline styles, with trusted types, everything works", async ({
  context,
  open,
  page,
  stack,
}) => {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
    `connect-src 'self' ${stack.provider.origin} ${stack.api.origin}`,
    `frame-src 'self' ${stack.provider.origin}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types bearer-worker",
  ].join("; ");
  for (const path of ["/", "/index.html", "/bearer-redirect.html"]) {
    stack.site.override(path, { headers: { "Content-Security-Policy": policy } });
  }
  const complaints = policyViolations(context);
  const site = await open();
  await page.addInitScript(
    `addEventListener("securitypolicyviolation", (event) => console.warn("Content Security Policy", event.violatedDirective))`,
  );
  expect(
    await site.run(
      `(() => { try { document.body.innerHTML = "<i>"; return "allowed" } catch { return "refused" } })()`,
    ),
  ).toBe("refused");
  complaints.length = 0;

  const { waiting } = await openDialog(site);
  expect(await site.run(inDialog(`getComputedStyle(dialog).padding`))).toBe("24px");
  await page.screenshot();
  const popup = await site.openPopup();
  await popup.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
  expect(complaints).toEqual([]);
});
