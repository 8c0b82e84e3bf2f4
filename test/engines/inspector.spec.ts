import type * as Inspector from "../../inspector/index.ts";
import { expect, test } from "./fixtures.ts";

test("the inspector shows the worker, each request and its token, and forgets tokens", async ({
  site,
  stack,
}) => {
  await site.signIn();
  await site.attach();
  await site.window.evaluate(async (url) => {
    const { openInspector } = (await import(url)) as typeof Inspector;
    openInspector(bearerWorker.attachTokens(window.msal, { protectedResourceMap: {} }));
  }, "/inspector.js");
  const shown = (selector: string): Promise<string[]> =>
    site.window.evaluate(
      (wanted) =>
        [...(document.querySelector("bearer-inspector")?.shadowRoot?.querySelectorAll(wanted) ?? [])].map(
          ({ textContent }) => textContent ?? "",
        ),
      selector,
    );
  await expect.poll(() => shown(".status .good")).toEqual(["in control, activated"]);

  // A message tells the worker that the page observes requests, and a request may overtake the message.
  const requestPhoto = (): Promise<number> =>
    site.window.evaluate(
      (url) => fetch(url).then(({ status }) => status),
      site.url("cross-origin", "/media/photo"),
    );
  await expect
    .poll(async () => {
      await requestPhoto();
      return await shown(".entry .facts span:first-child");
    })
    .toContainEqual(expect.stringMatching(/^token from memory/));
  expect(await shown(".tokens code")).toEqual(["api://media/Media.Read"]);
  expect((await shown(".tokens .left"))[0]).toMatch(/^(1 h 0 min|59 min \d+ s) left$/);
  const isInside = (): boolean => {
    const box = document.querySelector("bearer-inspector")?.getBoundingClientRect() ?? new DOMRect();
    const { left, right, top, bottom } = box;
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && bottom - top > 200;
  };
  expect(await site.window.evaluate(isInside)).toBe(true);

  await site.window.evaluate(() => {
    const buttons = document.querySelector("bearer-inspector")?.shadowRoot?.querySelectorAll("button") ?? [];
    [...buttons].find(({ textContent }) => textContent === "Forget tokens")?.click();
  });
  expect(await shown(".tokens code")).toEqual([]);
  await requestPhoto();
  await expect
    .poll(async () => (await shown(".entry .facts span:first-child"))[0])
    .toMatch(/^token from the page/);
  expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(new Set(["bearer"]));
});
