import type { Stack } from "../../dev/start-stack.ts";
import type { ProtectedResourceMap } from "../../protocol/resource-map.ts";

/** Serves a page that imports the package's modules, as a bundler's output does, and takes MSAL from `bearer-page.js`. */
export function importModules(
  stack: Stack,
  protectedResourceMap: ProtectedResourceMap = { "/api/*": ["api://orders/Data.Read"] },
): void {
  const html = `<!doctype html><html lang="de"><title>Modules</title>
    <script src="/demo-config.js"></script><script src="/bearer-page.js"></script>
    <script type="importmap">{ "imports": { "@azure/msal-browser": "/msal.js" } }</script>
    <script type="module" src="/modules.js"></script>`;
  stack.site.override("/", { body: html });
  stack.site.override("/msal.js", {
    body: "export const { EventType, InteractionRequiredAuthError } = bearerWorker;",
  });
  stack.site.override("/modules.js", {
    body: `import { attachTokens } from "/index.js";
      window.msal = new bearerWorker.PublicClientApplication({
        auth: { ...demoConfig.msalAuth, redirectUri: location.origin + "/bearer-redirect.html" },
      });
      window.attached = attachTokens(window.msal, { protectedResourceMap: ${JSON.stringify(protectedResourceMap)} });`,
  });
}
