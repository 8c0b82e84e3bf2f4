import type { Locator, Page } from "@playwright/test";
import { axeViolations } from "./axe-violations.ts";
import { expect, type SitePage, test } from "./fixtures.ts";
import { openInspector } from "./inspector-panel.ts";

/** Opens the inspector, and fills it with an entry of every kind. */
async function openFilled(site: SitePage): Promise<Locator> {
  await site.signIn();
  await site.run(() => {
    document.documentElement.lang = "en";
  });
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

/** Looks at the whole page, which has neither headings nor landmarks of its own. */
const violations = (page: Page): Promise<string[]> =>
  axeViolations(page, ["page-has-heading-one", "landmark-one-main"]);

test("the inspector has no accessibility violation, open or closed, in light, dark and forced colours", async ({
  open,
  page,
}) => {
  const site = await open();
  await site.run(() => {
    document.documentElement.style.colorScheme = "light dark";
  });
  const panel = await openFilled(site);
  const inAllColours = async (state: string): Promise<void> => {
    for (const media of [
      { colorScheme: "light", forcedColors: "none" },
      { colorScheme: "dark", forcedColors: "none" },
      { colorScheme: "light", forcedColors: "active" },
    ] as const) {
      await page.emulateMedia(media);
      expect(await violations(page), `${state}, ${JSON.stringify(media)}`).toEqual([]);
    }
  };

  await inAllColours("open");
  await panel.getByRole("button", { name: "Close" }).click();
  await inAllColours("closed");
});

test("the panel is as dark or light as the page", async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const site = await open();
  const panel = await openInspector(site);
  const background = () =>
    panel.locator(".panel").evaluate((element) => getComputedStyle(element).backgroundColor);

  // A page that does not say that it can be dark is light.
  expect(await background()).toBe("rgb(255, 255, 255)");
  await site.run(() => {
    document.documentElement.style.colorScheme = "light dark";
  });
  expect(await background()).toBe("rgb(24, 31, 30)");
  await site.run(() =>
    document.documentElement.style.setProperty("--bearer-worker-background", "rgb(1, 2, 3)"),
  );
  expect(await background()).toBe("rgb(1, 2, 3)");
});

test("the inspector works by keyboard alone, and its content scrolls", async ({ open, page }) => {
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

test("the panel fits a phone, 200 % and 400 % zoom, and cuts no text off", async ({ open, page }) => {
  const site = await open();
  const panel = await openFilled(site);

  for (const [screen, width, height] of [
    ["a phone", 360, 640],
    ["400 % zoom", 320, 256],
    ["200 % zoom", 640, 400],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const control of await panel.getByRole("button").all()) {
      await control.scrollIntoViewIfNeeded();
      await expect(control, screen).toBeInViewport({ ratio: 1 });
    }
    const box = await panel.boundingBox();
    expect(box?.x, screen).toBeGreaterThanOrEqual(0);
    expect(box?.y, screen).toBeGreaterThanOrEqual(0);
    // An element is cut off if it is wider than the panel, or its text wider than the element.
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
    expect(cut, screen).toEqual([]);
  }
});

test("the time axis moves smoothly, and once a second for a user who wants less motion", async ({
  open,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  const site = await open();
  type CountingWindow = typeof window & { animationFrames: number };
  await site.run(() => {
    const counting = window as CountingWindow;
    counting.animationFrames = 0;
    const original = window.requestAnimationFrame;
    window.requestAnimationFrame = (callback) => {
      counting.animationFrames++;
      return original.call(window, callback);
    };
  });
  await openFilled(site);
  const film = page.locator(".film");
  const position = () => film.evaluate((element) => element.style.getPropertyValue("--now"));
  const moved = async (): Promise<void> => {
    const before = await position();
    await expect.poll(position).not.toBe(before);
  };
  const frames = () => site.run(() => (window as CountingWindow).animationFrames);

  await moved();
  expect(await frames()).toBeGreaterThan(0);

  await page.emulateMedia({ reducedMotion: "reduce" });
  // The last frame of the smooth movement may still be due.
  await moved();
  const before = await frames();
  await moved();
  expect(await frames()).toBe(before);
});
