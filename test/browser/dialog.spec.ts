import type { Page } from "@playwright/test";
import { axeViolations } from "./axe-violations.ts";
import { expect, needUser, received, replaceScript, type SitePage, test } from "./fixtures.ts";
import { policyViolations } from "./policy-violations.ts";

const ADA = "ada@contoso.example";
const account = `[data-account="${ADA}"]`;

/** Opens the dialog by a request that waits for it. */
async function openDialog(site: SitePage): Promise<{ readonly waiting: ReturnType<SitePage["fetch"]> }> {
  await needUser(site);
  const waiting = site.fetch("/api/orders");
  // Some tests end before the request does.
  waiting.catch(() => undefined);
  await site.dialogShown();
  return { waiting };
}

/** The bare page itself has neither headings nor landmarks. */
const violations = (page: Page): Promise<string[]> =>
  axeViolations(page, ["page-has-heading-one", "landmark-one-main"]);

/** Runs in the page: the text, id or name of the focused element, shadow roots included. */
const focused = (): string | undefined => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.id || element?.textContent || element?.localName;
};

/** Runs in the page: allows the dialog both colour schemes, and names the page's language. */
const allowDark = (): void => {
  document.documentElement.lang = "en";
  document.documentElement.style.colorScheme = "light dark";
};

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
  test(`The dialog has a name, a description, a status line, enough contrast and no axe violation (${colorScheme})`, async ({
    open,
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const site = await open();
    await site.run(allowDark);
    const { waiting } = await openDialog(site);
    // The keyboard shows the focus.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Shift+Tab");

    const colors = await site.dialog.evaluate((dialog) => {
      const [no, go] = [...dialog.querySelectorAll("button")].map((button) => getComputedStyle(button));
      if (!no || !go) throw new Error("A button is missing");
      const { backgroundColor, color } = getComputedStyle(dialog);
      return {
        background: backgroundColor,
        text: color,
        button: go.backgroundColor,
        label: go.color,
        border: no.borderTopColor,
        outline: go.outlineColor,
      };
    });
    const { background, text, button, label, border, outline } = colors;
    expect(contrast(background, colorScheme === "dark" ? "rgb(0,0,0)" : "rgb(255,255,255)")).toBeLessThan(
      1.5,
    );
    expect(contrast(background, text)).toBeGreaterThan(7);
    expect(contrast(button, label)).toBeGreaterThan(4.5);
    for (const shape of [button, border, outline]) {
      expect(contrast(background, shape)).toBeGreaterThan(3);
    }

    await expect(site.dialog).toHaveAccessibleName("Please sign in again");
    await expect(site.dialog).toHaveAccessibleDescription(/^Your session has ended/);
    await expect(site.dialog.getByRole("status")).toContainText("A window will open.");
    expect(await violations(page)).toEqual([]);

    await (await site.openPopup()).close();
    await expect(site.dialog.getByRole("status")).toContainText("The sign-in window was closed.");
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await waiting;
  });
}

test("The dialog asks for permission where the provider wants the user's consent, and not for another sign-in", async ({
  site,
  stack,
}) => {
  stack.provider.settings.requireConsent = true;
  const waiting = site.fetch("/api/orders");
  const dialog = await site.dialogShown();
  await expect(dialog).toHaveAccessibleName("Your permission is needed");
  await expect(dialog).toHaveAccessibleDescription(/^To continue, allow this app to use your data/);

  await (await site.openPopup("Continue")).locator('[data-action="accept"]').click();
  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ user: ADA }]);
});

test("The keyboard alone is enough: the focus stays in the dialog and returns to its element after the popup", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await site.run(() => {
    document.body.innerHTML = "<button id=before></button><input id=field><button id=after></button>";
  });
  await site.signIn();
  site.endSession();
  await site.useUpClick();
  await page.locator("#field").focus();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  const visited = new Set<string>();
  for (let i = 0; i < 8; i++) {
    visited.add((await site.run(focused)) ?? "body");
    await page.keyboard.press(i < 4 ? "Tab" : "Shift+Tab");
  }
  // Between the last button and the first, the focus goes to the browser's own controls, and never to the page's.
  expect([...visited].filter((name) => !/^(body|html)$/.test(name)).sort()).toEqual(["Not now", "Sign in"]);

  while ((await site.run(focused)) !== "Sign in") await page.keyboard.press("Tab");
  const opened = page.waitForEvent("popup");
  await page.keyboard.press("Enter");
  const popup = await opened;
  await popup.locator(account).press("Enter");

  expect(await waiting).toMatchObject({ status: 200 });
  expect(await site.run(focused)).toBe("field");
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
});

test("Escape returns the focus, too", async ({ open, page }) => {
  const site = await open();
  await site.run(() => {
    document.body.innerHTML = "<input id=field>";
  });
  await site.signIn();
  site.endSession();
  await page.locator("#field").focus();
  await site.useUpClick();

  const waiting = site.fetch("/api/orders");
  await site.dialogShown();
  await page.keyboard.press("Escape");

  expect(await waiting).toMatchObject({ status: 401 });
  expect(await site.run(focused)).toBe("field");
});

test("A closed dialog ends the question at once, in a page that shows no more frames, too", async ({
  open,
  stack,
}) => {
  const site = await open();
  const { waiting } = await openDialog(site);
  const isLeft = await site.run(async () => {
    const host = [...document.querySelectorAll("div")].find(({ shadowRoot }) => shadowRoot);
    host?.shadowRoot?.querySelector("dialog")?.close();
    // These are microtasks, and a frame takes a task.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return host?.isConnected;
  });
  expect(isLeft).toBe(false);
  expect(await waiting).toMatchObject({ status: 401 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "none" }]);
});

test("The dialog stays when the page makes its body inert and empties it", async ({ open, page }) => {
  const site = await open();
  const { waiting } = await openDialog(site);
  await site.run(() => {
    document.body.inert = true;
    document.body.replaceChildren();
  });

  const popup = await site.openPopup();
  await popup.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

/** Runs in the page: replaces all that stands in the document, as React does where it cannot hydrate it. */
const replaceAll = (part: "children" | "root"): void => {
  const [head, body] = [document.createElement("head"), document.createElement("body")];
  if (part === "children") return document.documentElement.replaceChildren(head, body);
  const root = document.createElement("html");
  root.append(head, body);
  document.documentElement.replaceWith(root);
};

for (const part of ["children", "root"] as const) {
  test(`The dialog comes back, as a modal one, when a script replaces the document's ${part}`, async ({
    open,
    page,
  }) => {
    const site = await open();
    const { waiting } = await openDialog(site);
    for (let times = 0; times < 2; times++) {
      await site.run(replaceAll, part);
      await site.dialogShown();
    }
    expect(await site.dialog.evaluate((dialog) => dialog.matches(":modal"))).toBe(true);

    const popup = await site.openPopup();
    await popup.locator(account).click();
    expect(await waiting).toMatchObject({ status: 200 });
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
}

test("A script that removes the dialog again and again ends the question, as its user does", async ({
  open,
  page,
  stack,
}) => {
  const site = await open();
  await needUser(site);
  await site.run(() => {
    const isDialog = (node: Node): node is Element => node instanceof Element && node.shadowRoot !== null;
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes]))
        if (isDialog(node)) node.remove();
    }).observe(document.documentElement, { childList: true });
  });

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 401 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "none" }]);
  expect(await site.events("tokenfailed")).toMatchObject([{ code: "interaction_declined" }]);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("The dialog fits a phone, 200 % and 400 % zoom, and its buttons are large enough and in reach", async ({
  open,
  page,
}) => {
  const site = await open();
  // The size that a user's own font settings give.
  await site.run(() => {
    document.documentElement.style.fontSize = "20px";
  });
  await openDialog(site);
  const decline = site.dialog.getByRole("button", { name: "Not now" });

  for (const viewport of [
    { width: 390, height: 844 },
    { width: 320, height: 480 },
    // 1280 pixels at 200 % and 400 %.
    { width: 640, height: 360 },
    { width: 320, height: 180 },
  ]) {
    await page.setViewportSize(viewport);
    const at = JSON.stringify(viewport);
    const box = (await site.dialog.boundingBox()) ?? { x: NaN, y: NaN, width: NaN, height: NaN };
    expect(box.x, at).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width, at).toBeLessThanOrEqual(viewport.width);
    expect(box.y + box.height, at).toBeLessThanOrEqual(viewport.height);
    const { isDialogWide, isPageWide, heights } = await site.dialog.evaluate((dialog) => ({
      isDialogWide: dialog.scrollWidth > dialog.clientWidth,
      isPageWide: document.documentElement.scrollWidth > innerWidth,
      heights: [...dialog.querySelectorAll("button")].map((button) => button.getBoundingClientRect().height),
    }));
    expect({ isDialogWide, isPageWide }, at).toEqual({ isDialogWide: false, isPageWide: false });
    for (const height of heights) expect(height, at).toBeGreaterThanOrEqual(44);
    // A trial waits until the button can be scrolled to and clicked.
    await decline.click({ trial: true });
  }
  await decline.click();
  await expect(site.dialog).toHaveCount(0);
});

test("Nothing in the dialog moves, with or without a preference for reduced motion", async ({
  open,
  page,
}) => {
  const site = await open();
  await openDialog(site);
  for (const reducedMotion of ["reduce", "no-preference"] as const) {
    await page.emulateMedia({ reducedMotion });
    const moving = await site.dialog.evaluate((dialog) =>
      [dialog, ...dialog.querySelectorAll("*")].flatMap((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element);
        return [animationName, transitionDuration, element.getAnimations().length].filter(
          (value) => value !== "none" && value !== "0s" && value !== 0,
        );
      }),
    );
    expect(moving, reducedMotion).toEqual([]);
  }
});

for (const does of ["declines and signs out at once", "signs out beside the dialog"] as const) {
  test(`A user who ${does} is not asked again, and the request goes out without a token`, async ({
    open,
    stack,
  }) => {
    const site = await open();
    // A browser that is busy reports late that a lock is free: here never, so that the account changes before it does.
    await site.run(() => {
      const locks = LockManager.prototype as { request: (...given: unknown[]) => Promise<unknown> };
      const { request } = locks;
      locks.request = async function (...given) {
        await request.apply(this, given).catch(() => undefined);
        return await new Promise(() => undefined);
      };
    });
    const { waiting } = await openDialog(site);
    const before = stack.provider.requests.length;

    await site.run(async (declines) => {
      const [dialog] = [...document.querySelectorAll("div")].flatMap(
        (host) => host.shadowRoot?.querySelector("dialog") ?? [],
      );
      if (declines) {
        const closed = new Promise((resolve) => dialog?.addEventListener("close", resolve));
        dialog?.close();
        await closed;
      }
      await window.msal.clearCache();
    }, does.startsWith("declines"));

    expect(await waiting).toMatchObject({ status: 401 });
    await expect(site.dialog).toHaveCount(0);
    expect(stack.provider.requests).toHaveLength(before);
    expect(received(stack, "/api/orders").map(({ authorization }) => authorization)).toEqual(["none"]);
  });
}

test("The dialog's buttons have borders with forced colours, and the focus an outline", async ({
  open,
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  const site = await open();
  await openDialog(site);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");

  expect(await violations(page)).toEqual([]);
  const { buttons, outline } = await site.dialog.evaluate((dialog) => {
    const root = dialog.getRootNode() as ShadowRoot;
    return {
      buttons: [...dialog.querySelectorAll("button")].map((button) => {
        const { borderTopColor, borderTopWidth, backgroundColor } = getComputedStyle(button);
        return { width: borderTopWidth, isSeen: borderTopColor !== backgroundColor };
      }),
      outline: root.activeElement && getComputedStyle(root.activeElement).outlineWidth,
    };
  });
  expect(buttons).toEqual([
    { width: "1px", isSeen: true },
    { width: "1px", isSeen: true },
  ]);
  expect(outline).toBe("3px");
});

test("The page themes the dialog with custom properties, and not with its own rules", async ({ open }) => {
  const site = await open();
  await site.run(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      :root {
        --bearer-worker-background: rgb(1, 2, 3); --bearer-worker-color: rgb(250, 251, 252);
        --bearer-worker-accent: rgb(255, 200, 0); --bearer-worker-accent-color: rgb(9, 9, 9);
        --bearer-worker-border: rgb(4, 5, 6); --bearer-worker-radius: 3px; --bearer-worker-font: monospace;
        --bearer-worker-backdrop: rgb(7, 8, 9);
      }
      dialog, h2, p, button { display: none !important; color: red !important }
    `);
    document.adoptedStyleSheets = [sheet];
  });
  await openDialog(site);

  // The page's own rules end at the shadow root.
  await expect(site.dialog).toBeVisible();
  const looks = await site.dialog.evaluate((dialog) => {
    const { backgroundColor, color, borderTopColor, borderTopLeftRadius, fontFamily } =
      getComputedStyle(dialog);
    const go = dialog.querySelector("[autofocus]");
    if (!go) throw new Error("No button has the focus at first");
    return {
      background: backgroundColor,
      color,
      border: borderTopColor,
      radius: borderTopLeftRadius,
      font: fontFamily,
      accent: getComputedStyle(go).backgroundColor,
      accentColor: getComputedStyle(go).color,
      backdrop: getComputedStyle(dialog, "::backdrop").backgroundColor,
    };
  });
  expect(looks).toEqual({
    background: "rgb(1, 2, 3)",
    color: "rgb(250, 251, 252)",
    border: "rgb(4, 5, 6)",
    radius: "3px",
    font: "monospace",
    accent: "rgb(255, 200, 0)",
    accentColor: "rgb(9, 9, 9)",
    backdrop: "rgb(7, 8, 9)",
  });
});

/** Runs in the page: makes it a page in Urdu, which the dialog does not speak. */
const speakUrdu = (): void => {
  Object.assign(document.documentElement, { lang: "ur", dir: "rtl" });
};

test("The dialog's texts are an option, in the page's language and direction", async ({ open }) => {
  const dialog = {
    title: "براہِ کرم دوبارہ سائن اِن کریں",
    continue: "جاری رکھیں",
    popupClosed: "ونڈو بند ہو گئی۔",
  };
  const site = await open({ attach: { dialog } });
  await site.run(speakUrdu);
  await openDialog(site);

  await expect(site.dialog).toHaveAccessibleName(dialog.title);
  // The texts that the option omits are English, since the dialog has none in Urdu.
  await expect(site.dialog.getByRole("button", { name: "Not now" })).toBeVisible();
  await expect(site.dialog).toHaveCSS("direction", "rtl");
  const [decline, go] = await Promise.all(
    ["Not now", dialog.continue].map((name) => site.dialog.getByRole("button", { name }).boundingBox()),
  );
  expect(go?.x).toBeLessThan(decline?.x ?? NaN);
  await (await site.openPopup(dialog.continue)).close();
  await expect(site.dialog.getByRole("status")).toHaveText(dialog.popupClosed);
});

test("The dialog declares itself English on a page in a language that it does not speak", async ({
  open,
}) => {
  const site = await open();
  await site.run(speakUrdu);
  await openDialog(site);

  await expect(site.dialog).toHaveAccessibleName("Please sign in again");
  await expect(site.dialog).toHaveCSS("direction", "ltr");
  const declared = await site.dialog.evaluate(
    (dialog) => ((dialog.getRootNode() as ShadowRoot).host as HTMLElement).lang,
  );
  expect(declared).toBe("en");
});

test("A function of texts is called for each dialog, and the texts that it omits are in the page's language", async ({
  open,
  page,
  stack,
}) => {
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

  await site.run(() => {
    document.documentElement.lang = "de";
  });
  // An interactive sign-in ends the refusal.
  await site.signInByPopup();
  await openDialog(site);
  await expect(site.dialog).toHaveAccessibleName("Willkommen zurück");
  await expect(site.dialog.getByRole("button", { name: "Jetzt nicht" })).toBeVisible();
});

test("The dialog works under a strict policy without inline styles and with trusted types", async ({
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
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective }) =>
      console.warn("Content Security Policy", violatedDirective),
    );
  });
  const html = await site.run(() => {
    try {
      document.body.innerHTML = "<i>";
      return "allowed";
    } catch {
      return "refused";
    }
  });
  expect(html).toBe("refused");
  complaints.length = 0;

  const { waiting } = await openDialog(site);
  await expect(site.dialog).toHaveCSS("padding", "24px");
  await page.screenshot();
  const popup = await site.openPopup();
  await popup.locator(account).click();

  expect(await waiting).toMatchObject({ status: 200 });
  expect(received(stack, "/api/orders")).toMatchObject([{ authorization: "bearer", user: ADA }]);
  expect(complaints).toEqual([]);
});
