// @ts-check
import { readFile } from "node:fs/promises";
import { transform } from "esbuild";

/** Style sheets of shadow roots travel as text. @type {import("esbuild").Plugin} */
export const stylesAsText = {
  name: "styles-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/**
 * A script in one file has its later parts at hand: `import()` gives a module that is imported at once. esbuild would put all
 * modules, MSAL's too, into functions that run when a part is asked for, and browsers would compile each of them twice. The
 * demo's page was busy for 9 ms longer.
 *
 * @type {import("esbuild").Plugin}
 */
export const partsAtOnce = {
  name: "parts-at-once",
  setup(build) {
    build.onLoad({ filter: /[\\/]page[\\/].*\.ts$/ }, async ({ path }) => {
      /** @type {string[]} */
      const parts = [];
      const code = (await readFile(path, "utf8")).replace(/(?<!typeof )\bimport\((".+?")\)/g, (_, part) => {
        const name = `part${parts.length}`;
        parts.push(`import * as ${name} from ${part};`);
        return `Promise.resolve(${name})`;
      });
      return { contents: [...parts, code].join("\n"), loader: "ts" };
    });
  },
};
