import { expect, test } from "./fixtures.ts";
import type { SiteWindow } from "./site-window.ts";

const REQUEST = `fetch("/media/photo").then(({ status }) => status, ({ name }) => name)`;

const authorizations = ({ stack }: SiteWindow): string[] =>
  stack.api.received.map(({ authorization }) => authorization);

test("a page that is busy for 20 seconds has the answer after", async ({ site }) => {
  await site.signIn();
  await site.attach();

  const status = await site.window.evaluate(`(() => {
    const answer = ${REQUEST};
    for (const end = Date.now() + 20_000; Date.now() < end; );
    return answer;
  })()`);

  expect(status).toBe(200);
  expect(authorizations(site)).toEqual(["bearer"]);
});

test("a page that the user comes back to has its tokens, kept by the browser or loaded anew", async ({
  site,
}) => {
  await site.signIn();
  await site.attach();
  expect(await site.window.evaluate(REQUEST)).toBe(200);

  await site.window.goto(site.url("same-origin", "/left.html"));
  await site.window.evaluate("setTimeout(() => history.back()) && null");
  await site.ready();
  await site.attach();

  expect(await site.window.evaluate(REQUEST)).toBe(200);
  expect(authorizations(site)).toEqual(["bearer", "bearer"]);
});

test("a page that is left while its request waits for a token holds up nobody after it", async ({ site }) => {
  await site.signIn();
  await site.attach();
  // The page that is asked answers no more.
  await site.window.evaluate(`(() => {
    void ${REQUEST};
    setTimeout(() => (location.href = "/left.html"));
  })()`);
  const pathname = () => site.window.evaluate("location.pathname").catch(() => null);
  await expect.poll(pathname).toBe("/left.html");

  await site.show();
  await site.attach();

  expect(await site.window.evaluate(REQUEST)).toBe(200);
  expect(authorizations(site).at(-1)).toBe("bearer");
  expect(authorizations(site)).not.toContain("none");
});
