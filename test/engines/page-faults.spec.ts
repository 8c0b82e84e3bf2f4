import { expect, test } from "./fixtures.ts";
import type { SiteWindow } from "./site-window.ts";

/** A function of the page. */
const requestPhoto = (): Promise<number | string> =>
  fetch("/media/photo").then(
    ({ status }) => status,
    ({ name }: Error) => name,
  );

const authorizations = ({ stack }: SiteWindow): string[] =>
  stack.api.received.map(({ authorization }) => authorization);

test("a page that is busy for 12 seconds has the answer after", async ({ site }) => {
  await site.signIn();
  await site.attach();

  // Other pages are given up after 10 seconds, the page that makes the request after 30.
  const status = await site.window.evaluate(() => {
    const answer = fetch("/media/photo").then(
      (response) => response.status,
      ({ name }: Error) => name,
    );
    for (const end = Date.now() + 12_000; Date.now() < end;);
    return answer;
  });

  expect(status).toBe(200);
  expect(authorizations(site)).toEqual(["bearer"]);
});

test("a page that the user goes back to has its tokens, kept by the browser or loaded anew", async ({
  site,
}) => {
  await site.signIn();
  await site.attach();
  expect(await site.window.evaluate(requestPhoto)).toBe(200);

  await site.window.goto(site.url("same-origin", "/left.html"));
  await site.window.evaluate(() => void setTimeout(() => history.back()));
  await site.ready();
  await site.attach();

  expect(await site.window.evaluate(requestPhoto)).toBe(200);
  expect(authorizations(site)).toEqual(["bearer", "bearer"]);
});

test("a page that is left while its request waits for a token does not hold up the next page", async ({
  site,
}) => {
  await site.signIn();
  await site.attach();
  // The page is gone before it can answer the worker.
  await site.window.evaluate(() => {
    void fetch("/media/photo").catch(() => undefined);
    setTimeout(() => (location.href = "/left.html"));
  });
  const pathname = () => site.window.evaluate(() => location.pathname).catch(() => null);
  await expect.poll(pathname).toBe("/left.html");

  await site.show();
  await site.attach();

  expect(await site.window.evaluate(requestPhoto)).toBe(200);
  expect(authorizations(site).at(-1)).toBe("bearer");
  expect(authorizations(site)).not.toContain("none");
});
