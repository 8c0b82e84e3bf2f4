import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "@playwright/test";
import type * as Vite from "vite";
import { link, test } from "./unpacked.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const FILES = ["bearer-sw.js", "bearer-redirect.html", "bearer-redirect.js"] as const;

/** A site of Vite with the packed package and its plugin, and Vite itself. */
async function siteOfVite(site: string, base: string) {
  link(site, "vite");
  writeFileSync(join(site, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(
    join(site, "vite.config.js"),
    `import { bearerWorker } from "bearer-worker/vite";
     export default { base: "${base}", plugins: [bearerWorker()], logLevel: "silent", appType: "spa" };`,
  );
  writeFileSync(join(site, "index.html"), `<script type="module" src="/src/main.js"></script>`);
  mkdirSync(join(site, "src"));
  writeFileSync(join(site, "src/main.js"), `document.title = "The app";`);
  const entry = join(repository, "node_modules/vite/dist/node/index.js");
  const vite = (await import(pathToFileURL(entry).href)) as typeof Vite;
  const published = (name: string): string =>
    readFileSync(join(site, "node_modules/bearer-worker/dist", name), "utf8");
  return { vite, published, config: { root: site } };
}

/** Answers of a server at a path that is sent as it stands. */
async function answerOf(port: string, path: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, path, host: "localhost" }, resolve).on("error", reject);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

for (const base of ["/", "/app/"]) {
  test(`Vite with the base ${base} serves worker and redirect page in development and writes both into the build`, async ({
    packed,
  }) => {
    test.slow();
    const { vite, published, config } = await siteOfVite(packed.siteWith("newest"), base);
    const server = await vite.createServer({ ...config, server: { port: 0, host: "localhost" } });
    try {
      await server.listen();
      const { port } = new URL(server.resolvedUrls?.local[0] ?? "");
      for (const name of FILES) {
        const { status, headers, body } = await answerOf(port, `${base}${name}?bearer-worker=1`);
        expect(status, name).toBe(200);
        // Vite adds its own client to other pages and modules.
        expect(body, name).toBe(published(name));
        expect(headers["content-type"], name).toBe(
          `text/${name.endsWith("html") ? "html" : "javascript"}; charset=utf-8`,
        );
        expect(headers["cache-control"], name).toBe("no-cache");
      }
      for (const path of ["assets/bearer-sw.js", "bearer-sw.js/", "toString", "../bearer-sw.js"]) {
        const { body } = await answerOf(port, `${base}${path}`);
        expect(body, path).not.toBe(published("bearer-sw.js"));
      }
      const { body } = await answerOf(port, base);
      expect(body).toContain(`src="${base}src/main.js"`);
    } finally {
      await server.close();
    }

    await vite.build(config);
    for (const name of FILES) {
      expect(readFileSync(join(config.root, "dist", name), "utf8"), name).toBe(published(name));
    }
    expect(readFileSync(join(config.root, "dist/index.html"), "utf8")).toContain(`src="${base}assets/`);
  });
}

test("a build of Vite for a server writes no worker", async ({ packed }) => {
  const { vite, config } = await siteOfVite(packed.siteWith("newest"), "/");
  const built = await vite.build({ ...config, build: { ssr: "src/main.js", write: false } });
  const files = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  expect(files.map(({ fileName }) => fileName)).toEqual(["main.js"]);
});
