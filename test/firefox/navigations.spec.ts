import { test } from "../browser/fixtures.ts";
import { attack } from "../browser/navigation-attack.ts";

test("another site can neither post nor embed in a user's name with navigations: true", async ({
  playwright,
  launchOptions,
  stack,
}) => {
  const browser = await playwright.firefox.launch({
    ...launchOptions,
    firefoxUserPrefs: { "dom.disable_open_during_load": false },
  });
  try {
    const context = await browser.newContext();
    await attack(await context.newPage(), stack);
  } finally {
    await browser.close();
  }
});
