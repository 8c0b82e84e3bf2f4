import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { Connect, Plugin } from "vite";

/** The worker, and MSAL's redirect page with its script. */
const FILES: Readonly<Record<string, string>> = {
  "bearer-sw.js": "text/javascript; charset=utf-8",
  "bearer-redirect.html": "text/html; charset=utf-8",
  "bearer-redirect.js": "text/javascript; charset=utf-8",
};

/**
 * Serves `bearer-sw.js` and MSAL's redirect page below Vite's `base`, in development and in the build. The files are those
 * of the installed package, so a site neither copies nor commits them. With a base other than `/`, give `attachTokens` the
 * option `serviceWorker` as `import.meta.env.BASE_URL + "bearer-sw.js"`, and MSAL the redirect URI below the base, too.
 */
export function bearerWorker(): Plugin {
  return {
    name: "bearer-worker",
    configureServer({ config, middlewares }) {
      middlewares.use(serveFiles(config.base));
    },
    async generateBundle() {
      // A framework builds for its server, too, and a server sends no worker.
      if (this.environment.config.consumer === "server") return;
      for (const fileName of Object.keys(FILES)) {
        this.emitFile({ type: "asset", fileName, source: await read(fileName) });
      }
    },
  };
}

const serveFiles =
  (base: string): Connect.NextHandleFunction =>
  (request, response, next) => {
    const [path = ""] = (request.originalUrl ?? "").split("?");
    const name = posix.relative(base, path);
    const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    if (!type || path !== posix.join(base, name)) return next();
    read(name).then((content) => {
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache" }).end(content);
    }, next);
  };

const read = (name: string): Promise<Uint8Array> =>
  readFile(fileURLToPath(import.meta.resolve(`bearer-worker/${name}`)));
