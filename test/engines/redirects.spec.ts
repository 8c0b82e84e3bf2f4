import { expect, test } from "./fixtures.ts";
import { openForeignServer } from "./foreign-server.ts";
import { ORIGINS } from "./site-window.ts";

test.describe.configure({ mode: "default" });

const WAYS = {
  "a GET": (url: string) => `fetch(${JSON.stringify(url)}).then(({ status }) => status)`,
  "a POST that stays one": (url: string) =>
    `fetch(${JSON.stringify(`${url}&status=307`)}, { method: "POST", body: "moved" }).then(({ status }) => status)`,
  "an image": (url: string) =>
    `new Promise((done) => Object.assign(new Image(), { src: ${JSON.stringify(url)}, onerror: () => done(200) }))`,
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
      expect(await site.window.evaluate(request(site.url(origin, `/media/redirect?to=${to}`)))).toBe(200);

      // An image is asked for again without cookies, where the first answer may not be read with them.
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

test("a redirect to what is not protected on the site's own origin leaves the token behind", async ({
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
  const status = await site.window.evaluate(`fetch(${JSON.stringify(url)}).then(({ status }) => status)`);

  expect(status).toBe(200);
  const landed = stack.site.received.filter(({ path, method }) => path === "/landing" && method === "GET");
  expect(landed.map(({ authorized }) => authorized)).toEqual([false]);
});
