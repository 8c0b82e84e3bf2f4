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

const LOOKS = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  "forced colours": { colorScheme: "light", forcedColors: "active" },
} as const;

test("the inspector has no accessibility violation, fits a phone and 400 % zoom, and works by keyboard alone", async ({
  open,
  page,
}) => {
  const site = await open();
  await site.run(() => {
    document.documentElement.style.colorScheme = "light dark";
  });
  const panel = await openFilled(site);
  for (const [look, media] of Object.entries(LOOKS)) {
    await page.emulateMedia(media);
    // Nothing but the colours differs from look to look.
    const found =
      look === "light" ? await violations(page) : await axeViolations(page, [], ["color-contrast"]);
    expect(found, look).toEqual([]);
  }
  await page.emulateMedia(LOOKS.light);

  for (const [screen, width, height] of [
    ["a phone", 360, 640],
    ["400 % zoom", 320, 256],
    ["200 % zoom", 640, 360],
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
        .filter((element) => element.checkVisibility())
        .filter((element) => {
          const box = element.getBoundingClientRect();
          return box.left < left || box.right > right || element.scrollWidth > element.offsetWidth;
        })
        .map(({ textContent }) => textContent);
    });
    expect(cut, screen).toEqual([]);
  }

  const focused = () =>
    page.evaluate(() => {
      const inner = document.activeElement?.shadowRoot?.activeElement;
      return inner?.ariaLabel ?? inner?.textContent ?? null;
    });
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  const reached: (string | null)[] = [];
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press("Tab");
    reached.push(await focused());
  }
  expect(reached).toEqual([
    "Copy report",
    "Clear",
    "Close",
    "Worker, tokens and requests",
    "Pause",
    "Requests over time",
    "Forget tokens",
    "Sign in again",
  ]);
  const last = panel.getByRole("button", { name: "Sign in again" });
  for (const _ of [1, 2, 3, 4]) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Home");
  await expect(last).not.toBeInViewport();
  await page.keyboard.press("End");
  await expect(last).toBeInViewport();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  expect(await focused()).toBe("Tokens");
  expect(await violations(page), "closed").toEqual([]);
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Close");
});

test("the panel is as dark or light as the page, and its axis moves as the user wishes: smoothly, once a second or not at all", async ({
  open,
  page,
}) => {
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "no-preference" });
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
  await site.signIn();
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

  await expect
    .poll(async () => {
      await site.fetch("/api/orders");
      return await panel.locator(".entry").count();
    })
    .toBeGreaterThan(0);
  const film = page.locator(".film");
  const position = () => film.evaluate((element) => element.style.getPropertyValue("--now"));
  const moved = async (): Promise<void> => {
    const before = await position();
    await expect.poll(position).not.toBe(before);
  };
  const frames = () => site.run(() => (window as CountingWindow).animationFrames);
  await moved();
  expect(await frames()).toBeGreaterThan(0);

  const pause = panel.getByRole("button", { name: "Pause" });
  await pause.click();
  await expect(pause).toHaveAttribute("aria-pressed", "true");
  const paused = await position();
  const since = await frames();
  await expect.poll(frames).toBeGreaterThan(since + 3);
  expect(await position()).toBe(paused);
  await pause.click();

  await page.emulateMedia({ reducedMotion: "reduce" });
  // The last frame of the smooth movement may still be due.
  await moved();
  const before = await frames();
  await moved();
  expect(await frames()).toBe(before);
});
