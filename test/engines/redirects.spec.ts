import { expect, test } from "./fixtures.ts";
import { openForeignServer } from "./foreign-server.ts";
import { ORIGINS } from "./site-window.ts";

test.describe.configure({ mode: "default" });

/** Functions of the page that request a URL. */
const WAYS: Record<string, (url: string) => Promise<number>> = {
  "a GET": (url) => fetch(url).then(({ status }) => status),
  "a POST that stays one": (url) =>
    fetch(`${url}&status=307`, { method: "POST", body: "moved" }).then(({ status }) => status),
  "an image": (url) =>
    new Promise((resolve) => {
      Object.assign(new Image(), { src: url, onerror: () => resolve(200) });
    }),
};

for (const origin of ORIGINS) {
  for (const [name, request] of Object.entries(WAYS)) {
    test(`${name} to a ${origin} API that redirects elsewhere leaves its token behind`, async ({
      signedIn: site,
      stack,
    }) => {
      stack.api.reset();
      const foreign = await openForeignServer();
      await site.attach();

      const to = encodeURIComponent(`${foreign.origin}/`);
      const url = site.url(origin, `/media/redirect?to=${to}`);
      expect(await site.window.evaluate(request, url)).toBe(200);

      // An image is requested again without cookies if CORS forbids the page to read the first answer.
      const most = name === "an image" ? 2 : 1;
      await expect.poll(() => foreign.received.length).toBeGreaterThan(0);
      expect(foreign.received).toEqual(foreign.received.slice(0, most).map(() => ({ authorized: false })));
      expect(stack.api.received.length).toBeLessThanOrEqual(most);
      for (const { path, authorization } of stack.api.received) {
        expect([path, authorization]).toEqual(["/media/redirect", "bearer"]);
      }
      await foreign.close();
    });
  }
}

test("a redirect to an unprotected resource of the site's own origin leaves the token behind", async ({
  signedIn: site,
  stack,
}) => {
  stack.api.reset();
  await site.attach();
  stack.site.override("/landing", {
    status: 200,
    headers: { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization" },
  });

  const to = encodeURIComponent(`${stack.site.origin}/landing`);
  const url = site.url("cross-origin", `/media/redirect?to=${to}`);
  const status = await site.window.evaluate(
    (resource) => fetch(resource).then((response) => response.status),
    url,
  );

  expect(status).toBe(200);
  const landed = stack.site.received.filter(({ path, method }) => path === "/landing" && method === "GET");
  expect(landed.map(({ authorized }) => authorized)).toEqual([false]);
});
