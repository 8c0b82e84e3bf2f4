import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { authorizations, expect, received, SitePage, test } from "./fixtures.ts";

const WORKER = readFileSync(new URL("../../dist/bearer-sw.js", import.meta.url));

/** Puts an app with a worker of its own into a folder of the site. */
async function app(page: Page, stack: Stack, folder: string, map: object): Promise<SitePage> {
  const html = `<!doctype html><html lang="en"><title>${folder}</title><body>
    <script src="/demo-config.js"></script><script src="/bearer-page.js"></script>
    <script>
      window.msal = new bearerWorker.PublicClientApplication({
        auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
      });
      window.attached = bearerWorker.attachTokens(window.msal, {
        serviceWorker: "bearer-sw.js",
        protectedResourceMap: ${JSON.stringify(map)},
      });
    </script>`;
  stack.site.override(`${folder}index.html`, { body: html });
  stack.site.override(`${folder}bearer-sw.js`, {
    body: WORKER,
  });
  return await SitePage.open(page, stack, {}, `${folder}index.html`);
}

const READ = ["api://orders/Data.Read"];
const inWorker = (site: SitePage, url: string): Promise<number> =>
  site.run(
    (resource) =>
      new Promise<number>((resolve) => {
        const source = "onmessage = ({ data }) => fetch(data).then(({ status }) => postMessage(status))";
        const worker = new Worker(URL.createObjectURL(new Blob([source])));
        worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
        worker.postMessage(resource);
      }),
    url,
  );

test("an app below the origin's root has its tokens, and the rest of the site has none", async ({
  page,
  stack,
}) => {
  const site = await app(page, stack, "/one/", { "/api/*": READ });
  await site.signIn();
  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });

  await page.goto(`${stack.site.origin}/favicon.ico`);
  await page.evaluate(() => fetch("/api/orders"));

  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "none"]);
});

test("two apps on one origin have the tokens of their own users", async ({ page, stack }) => {
  const one = await app(page, stack, "/one/", { "/api/*": READ });
  await one.signIn("ada@contoso.example");
  stack.provider.revokeSessions();
  const two = await app(await page.context().newPage(), stack, "/two/", { "/api/*": READ });
  await two.signIn("alan@contoso.example");

  for (const site of [one, two]) expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  // A web worker's request has the token of its own app's user.
  for (const site of [one, two]) expect(await inWorker(site, `${stack.site.origin}/api/orders`)).toBe(200);

  expect(received(stack, "/api/orders").map(({ user }) => user)).toEqual([
    "ada@contoso.example",
    "alan@contoso.example",
    "ada@contoso.example",
    "alan@contoso.example",
  ]);
  const scopes = await one.run(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
  );
  expect(scopes.sort()).toEqual([`${stack.site.origin}/one/`, `${stack.site.origin}/two/`]);
});
