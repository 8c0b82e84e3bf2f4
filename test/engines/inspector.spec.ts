import { expect, test } from "./fixtures.ts";

test("the inspector shows the worker, each request and its token, and forgets tokens", async ({
  site,
  stack,
}) => {
  await site.signIn();
  await site.attach();
  await site.window.evaluate(`import("/inspector.js").then(({ openInspector }) => {
    openInspector(bearerWorker.attachTokens(msal, { protectedResourceMap: {} }));
    return null;
  })`);
  const shown = (selector: string): Promise<string[]> =>
    site.window.evaluate(
      `[...document.querySelector("bearer-inspector").shadowRoot.querySelectorAll(${JSON.stringify(selector)})]
        .map(({ textContent }) => textContent)`,
    );
  await expect.poll(() => shown(".status .good")).toEqual(["in control, activated"]);

  // The worker is told by a message that somebody looks, and a request may overtake it.
  const url = JSON.stringify(site.url("cross-origin", "/media/photo"));
  await expect
    .poll(async () => {
      await site.window.evaluate(`fetch(${url}).then(({ status }) => status)`);
      return await shown(".entry .facts span:first-child");
    })
    .toContain("token from memory");
  expect(await shown(".tokens code")).toEqual(["api://media/Media.Read"]);
  expect((await shown(".tokens .left"))[0]).toMatch(/^(1 h 0 min|59 min \d+ s) left$/);
  const isInside = `(({ left, right, top, bottom }) =>
    left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && bottom - top > 200)(
      document.querySelector("bearer-inspector").getBoundingClientRect())`;
  expect(await site.window.evaluate(isInside)).toBe(true);

  await site.window.evaluate(`(() => {
    const { shadowRoot } = document.querySelector("bearer-inspector");
    [...shadowRoot.querySelectorAll("button")].find(({ textContent }) => textContent === "Forget tokens").click();
    return null;
  })()`);
  expect(await shown(".tokens code")).toEqual([]);
  await site.window.evaluate(`fetch(${url}).then(({ status }) => status)`);
  await expect
    .poll(async () => (await shown(".entry .facts span:first-child"))[0])
    .toMatch(/^token from the page/);
  expect(new Set(stack.api.received.map(({ authorization }) => authorization))).toEqual(new Set(["bearer"]));
});
