import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { startStack } from "../../dev/start-stack.ts";
import { expect, received, SitePage, test } from "./fixtures.ts";
import { beginSession } from "./provider-session.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

const MAIN = `
import { PublicClientApplication } from "@azure/msal-browser";
import { attachTokens } from "bearer-worker";

const redirectUri = location.origin + import.meta.env.BASE_URL + "bearer-redirect.html";
window.msal = new PublicClientApplication({
  auth: { ...demoConfig.msalAuth, redirectUri, postLogoutRedirectUri: redirectUri },
});
window.attached = attachTokens(window.msal, {
  protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
  serviceWorker: import.meta.env.BASE_URL + "bearer-sw.js",
});
`;

/** A folder with a site of Vite, which has the built package in its node_modules. */
function writeSite(root: string): void {
  const files = {
    "index.html": `<title>App</title><script src="/demo-config.js" vite-ignore></script><script type="module" src="main.js"></script>`,
    "main.js": MAIN,
    "package.json": JSON.stringify({ type: "module" }),
    "vite.config.js": `
      import { bearerWorker } from "bearer-worker/vite";
      export default { base: "/app/", plugins: [bearerWorker()] };`,
  };
  mkdirSync(root, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  for (const path of ["package.json", "dist"])
    cpSync(join(repository, path), join(root, "node_modules/bearer-worker", path), { recursive: true });
  const msal = join(root, "node_modules/@azure/msal-browser");
  mkdirSync(dirname(msal), { recursive: true });
  symlinkSync(join(repository, "node_modules/@azure/msal-browser"), msal);
}

test("a page of Vite's development server below a base path signs in and fetches with its token, with no file copied", async ({
  page,
}) => {
  const root = test.info().outputPath("site");
  writeSite(root);
  const vite = await createServer({
    root,
    logLevel: "silent",
    server: { middlewareMode: true, hmr: false, ws: false },
  });
  const stack = await startStack({ port: 0, roots: [], otherwise: vite.middlewares });
  try {
    const redirectUri = `${stack.site.origin}/app/bearer-redirect.html`;
    await beginSession(page.request, stack.provider.msalAuth, redirectUri, "ada@contoso.example");
    const site = await SitePage.of(page, stack);
    await page.goto(`${stack.site.origin}/app/`);
    await site.attached();
    await site.signInSilently();

    expect((await site.fetch("/api/orders")).status).toBe(200);

    expect(received(stack, "/api/orders")).toEqual([
      { authorization: "bearer", user: "ada@contoso.example", audience: "api://orders" },
    ]);
  } finally {
    await stack.close();
    await vite.close();
  }
});
