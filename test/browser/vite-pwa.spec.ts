import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer, type InlineConfig } from "vite";
import { VitePWA, type VitePWAOptions } from "vite-plugin-pwa";
import { startStack } from "../../dev/start-stack.ts";
import { authorizations, expect, requestByXhr, SitePage, test } from "./fixtures.ts";
import { beginSession } from "./provider-session.ts";

type Options = Partial<VitePWAOptions>;

const repository = fileURLToPath(new URL("../../", import.meta.url));

const MAIN = `
import { registerSW } from "virtual:pwa-register";
import { PublicClientApplication } from "@azure/msal-browser";
import { attachTokens } from "bearer-worker";

registerSW({ immediate: true });
window.events = [];
window.msal = new PublicClientApplication({
  auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
});
window.attached = attachTokens(window.msal, {
  protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] },
  serviceWorker: navigator.serviceWorker.ready,
}).then((attachment) => {
  attachment.addEventListener("tokenfailed", ({ detail }) => window.events.push({ type: "tokenfailed", ...detail }));
  return attachment;
});
`;

const MODULE_WORKER = `
import { registerTokenRoute } from "bearer-worker/sw";
import { precacheAndRoute } from "workbox-precaching";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
registerTokenRoute({ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });
precacheAndRoute(self.__WB_MANIFEST);
`;

const IMPORTED_SCRIPT = `
importScripts("/bearer-sw.js");
bearerWorker.registerTokenRoute({ protectedResourceMap: { "/api/*": ["api://orders/Data.Read"] } });
`;

/** A folder with a site of Vite. The packages are those of this repository, and the product is the built one. */
function writeSite(root: string): void {
  const files = {
    "index.html": `<!doctype html><html><head><title>App</title></head><body>
      <script src="/demo-config.js" vite-ignore></script><script type="module" src="/main.js"></script></body></html>`,
    "main.js": MAIN,
    "sw.js": MODULE_WORKER,
    "public/tokens-sw.js": IMPORTED_SCRIPT,
    "package.json": JSON.stringify({ type: "module" }),
  };
  mkdirSync(join(root, "public"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  for (const name of ["bearer-sw.js", "bearer-redirect.html", "bearer-redirect.js"])
    cpSync(join(repository, "dist", name), join(root, "public", name));
  for (const path of ["package.json", "dist"])
    cpSync(join(repository, path), join(root, "node_modules/bearer-worker", path), { recursive: true });
  for (const name of ["@azure/msal-browser", "workbox-precaching", "workbox-window"]) {
    mkdirSync(dirname(join(root, "node_modules", name)), { recursive: true });
    symlinkSync(join(repository, "node_modules", name), join(root, "node_modules", name));
  }
}

const GENERATED: Options = {
  strategies: "generateSW",
  registerType: "autoUpdate",
  workbox: {
    importScripts: ["/tokens-sw.js"],
    globIgnores: ["bearer-redirect.*", "bearer-sw.js", "tokens-sw.js"],
    navigateFallbackDenylist: [/^\/bearer-redirect\.html/],
  },
};
const INJECTED: Options = {
  strategies: "injectManifest",
  registerType: "autoUpdate",
  srcDir: ".",
  filename: "sw.js",
  injectManifest: { globIgnores: ["bearer-redirect.*", "bearer-sw.js", "tokens-sw.js"] },
};

const configOf = (root: string, options: Options): InlineConfig => ({
  root,
  configFile: false,
  logLevel: "silent",
  plugins: [VitePWA({ ...options, manifest: false })],
});

/** Signs in, and uses the site through the plugin's worker. */
async function useSite(site: SitePage): Promise<void> {
  const { page, stack } = site;
  const redirectUri = `${stack.site.origin}/bearer-redirect.html`;
  await beginSession(page.request, stack.provider.msalAuth, redirectUri, "ada@contoso.example");
  await page.goto(stack.site.origin);
  await site.attached();
  await site.signInSilently();

  expect(await site.fetch("/api/orders")).toMatchObject({ status: 200 });
  await page.reload();
  await site.attached();
  expect(await requestByXhr(site)).toBe(200);

  expect(await site.registrations()).toBe(1);
  expect(await site.events("tokenfailed")).toEqual([]);
  expect(authorizations(stack, "/api/orders")).toEqual(["bearer", "bearer"]);
}

for (const [strategy, options] of [
  ["generateSW", GENERATED],
  ["injectManifest", INJECTED],
] as const) {
  test(`a site that vite-plugin-pwa builds with ${strategy} has one worker, which precaches and attaches tokens`, async ({
    page,
  }) => {
    const root = test.info().outputPath("site");
    writeSite(root);
    await build({ ...configOf(root, options), build: { minify: false } });
    const stack = await startStack({ port: 0, roots: [join(root, "dist")] });
    try {
      const site = await SitePage.of(page, stack);
      await useSite(site);
      // The page starts without its server.
      const cached = await site.run(async () => {
        const names = await caches.keys();
        const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return requests.flat().map(({ url }) => new URL(url).pathname);
      });
      expect(cached).toContain("/index.html");
      expect(cached.filter((path) => path.includes("bearer-redirect"))).toEqual([]);
    } finally {
      await stack.close();
    }
  });
}

test("a worker of vite-plugin-pwa that is not joined is named, keeps its place, and the page does not reload without end", async ({
  page,
}) => {
  const root = test.info().outputPath("site");
  writeSite(root);
  const main = MAIN.replace("serviceWorker: navigator.serviceWorker.ready,", "").replace(
    /\}\);\n$/,
    `}, ({ code }) => window.events.push({ type: "rejected", code }));`,
  );
  writeFileSync(join(root, "main.js"), main);
  const { importScripts: _, ...workbox } = GENERATED.workbox ?? {};
  await build({ ...configOf(root, { ...GENERATED, workbox }), build: { minify: false } });
  const stack = await startStack({ port: 0, roots: [join(root, "dist")] });
  try {
    const site = await SitePage.of(page, stack);
    const loads = (): number => stack.site.received.filter(({ path }) => path === "/demo-config.js").length;
    for (let visit = 0; visit < 3; visit++) {
      await page.goto(stack.site.origin);
      // The first visit attaches before the other worker comes. A later one rejects.
      const codes = (): Promise<unknown[]> => site.run(() => window.events.map(({ code }) => code));
      await expect.poll(() => codes().catch(() => [])).toEqual(["other_worker"]);
    }
    expect(await site.run(() => navigator.serviceWorker.controller?.scriptURL)).toBe(
      `${stack.site.origin}/sw.js`,
    );
    expect(loads()).toBeLessThan(10);
  } finally {
    await stack.close();
  }
});

test("a site of Vite's development server has the worker of vite-plugin-pwa, which attaches tokens", async ({
  page,
}) => {
  const root = test.info().outputPath("site");
  writeSite(root);
  const vite = await createServer({
    ...configOf(root, { ...INJECTED, devOptions: { enabled: true, type: "module" } }),
    server: { middlewareMode: true, hmr: false, ws: false },
  });
  const stack = await startStack({ port: 0, roots: [], otherwise: vite.middlewares });
  try {
    await useSite(await SitePage.of(page, stack));
  } finally {
    await stack.close();
    await vite.close();
  }
});
