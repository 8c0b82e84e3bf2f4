import type { Locator, Page } from "@playwright/test";
import { axeViolations } from "./axe-violations.ts";
import { expect, type SitePage, test } from "./fixtures.ts";
import { openInspector } from "./inspector-panel.ts";

/** Opens the inspector, with something of every kind in it. */
async function openFilled(site: SitePage): Promise<Locator> {
  await site.signIn();
  await site.run(`void (document.documentElement.lang = "en")`);
  const panel = await openInspector(site);
  await site.fetch("/api/orders");
  await expect(panel.locator(".entry")).not.toHaveCount(0);
  await site.stack.api.revokeTokens();
  await site.fetch("/api/orders");
  site.stack.provider.stop();
  await site.fetch("/api/orders", { method: "POST", body: "1" });
  await expect(panel.locator(".marker.failed")).toHaveCount(1);
  return panel;
}

/** The bare page itself has neither headings nor landmarks. */
const violations = (page: Page): Promise<string[]> =>
  axeViolations(page, ["page-has-heading-one", "landmark-one-main"]);

for (const media of [
  { colorScheme: "light" },
  { colorScheme: "dark" },
  { forcedColors: "active" },
] as const) {
  test(`it has no accessibility violation, open or closed (${Object.values(media).join()})`, async ({
    open,
    page,
  }) => {
    await page.emulateMedia(media);
    const site = await open();
    await site.run(`document.documentElement.style.colorScheme = "light dark"`);
    const panel = await openFilled(site);
    expect(await violations(page)).toEqual([]);

    await panel.getByRole("button", { name: "Close" }).click();
    expect(await violations(page)).toEqual([]);
  });
}

test("its panel is as dark or light as the page", async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const site = await open();
  const panel = await openFilled(site);
  const background = () =>
    panel.locator(".panel").evaluate((element) => getComputedStyle(element).backgroundColor);

  // A page that does not say that it can be dark is light.
  expect(await background()).toBe("rgb(255, 255, 255)");
  await site.run(`void (document.documentElement.style.colorScheme = "light dark")`);
  expect(await background()).toBe("rgb(24, 31, 30)");
  await site.run(`document.documentElement.style.setProperty("--bearer-worker-background", "rgb(1, 2, 3)")`);
  expect(await background()).toBe("rgb(1, 2, 3)");
});

test("it works by keyboard alone, and its content scrolls", async ({ open, page }) => {
  const site = await open();
  await page.setViewportSize({ width: 640, height: 360 });
  const panel = await openFilled(site);
  const focused = () =>
    page.evaluate(() => {
      const inner = document.activeElement?.shadowRoot?.activeElement;
      return inner?.ariaLabel ?? inner?.textContent ?? null;
    });

  const reached: (string | null)[] = [];
  for (let presses = 0; presses < 5; presses++) {
    await page.keyboard.press("Tab");
    reached.push(await focused());
  }
  expect(reached).toEqual([
    "Clear",
    "Close",
    "Worker, tokens and requests",
    "Forget tokens",
    "Sign in again",
  ]);

  const oldest = panel.locator(".entry").last();
  await expect(oldest).not.toBeInViewport();
  for (const _ of [1, 2]) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("End");
  await expect(oldest).toBeInViewport();

  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  expect(await focused()).toBe("Tokens");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Close");
});

for (const [what, width, height] of [
  ["a phone", 360, 640],
  ["a window at 400 % zoom", 320, 256],
  ["a window at 200 % zoom", 640, 400],
] as const) {
  test(`everything in it fits ${what}`, async ({ open, page }) => {
    const site = await open();
    await page.setViewportSize({ width, height });
    const panel = await openFilled(site);

    for (const control of await panel.getByRole("button").all()) {
      await control.scrollIntoViewIfNeeded();
      await expect(control).toBeInViewport({ ratio: 1 });
    }
    const box = await panel.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeGreaterThanOrEqual(0);
    // What is too wide for the panel is cut off, and so is text that is too wide for its place.
    const cut = await panel.evaluate((section) => {
      const { left, right } = section.getBoundingClientRect();
      return [
        ...section.querySelectorAll<HTMLElement>("button, li:not(.ticks *), li > :not(.bar), dt, dd, h4"),
      ]
        .filter((element) => {
          const box = element.getBoundingClientRect();
          return box.left < left || box.right > right || element.scrollWidth > element.offsetWidth;
        })
        .map(({ textContent }) => textContent);
    });
    expect(cut).toEqual([]);
  });
}

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`its time axis ${reducedMotion === "reduce" ? "moves once a second where less motion is wanted" : "moves smoothly"}`, async ({
    open,
    page,
  }) => {
    await page.emulateMedia({ reducedMotion });
    const site = await open();
    await site.run(`(() => {
      window.frames_ = 0;
      const original = window.requestAnimationFrame;
      window.requestAnimationFrame = (callback) => (window.frames_++, original.call(window, callback));
    })()`);
    await openFilled(site);

    const film = page.locator(".film");
    const position = () => film.evaluate((element) => element.style.getPropertyValue("--now"));
    const before = await position();
    await expect.poll(position).not.toBe(before);
    expect((await site.run<number>("window.frames_")) > 0).toBe(reducedMotion !== "reduce");
  });
}
