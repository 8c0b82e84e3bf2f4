import { existsSync } from "node:fs";
import { posix, relative, resolve } from "node:path";
import { addressOf } from "./pages.js";

/**
 * A plugin of markdown-it for links between files of the repository. A link to a page of the site becomes its address. A link
 * to another file leads to the repository at `repository`. Without one it becomes plain text, since the site has no such file.
 *
 * @throws Error for a link to a file that does not exist
 */
export function repositoryLinks(markdown, { root, source, pages, repository }) {
  markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
    // A title alone, which VitePress reads once more.
    if (!env.path) return;
    // VitePress rewrites the path of the page, and keeps the file's own.
    const file = relative(source, env.realPath ?? env.path).replaceAll("\\", "/");
    for (const { children } of tokens) {
      for (const [index, token] of children?.entries() ?? []) {
        if (token.type !== "link_open") continue;
        const href = token.attrGet("href") ?? "";
        if (/^(?:\w+:|#|\/)/.test(href)) continue;
        const [path = "", anchor] = href.split("#");
        const target = posix.join(posix.dirname(file), path);
        if (!existsSync(resolve(root, target))) throw new Error(`${file}: there is no ${target}`);
        const page = [target, posix.join(target, "README.md")].find((name) => pages.includes(name));
        if (page) token.attrSet("href", addressOf(page) + (anchor === undefined ? "" : `#${anchor}`));
        else if (target === "README.md") token.attrSet("href", "/");
        else if (repository) token.attrSet("href", `${repository}/blob/HEAD/${target}`);
        else unlink(children, index);
      }
    }
  });
}

/** Leaves the text of a link alone. */
function unlink(tokens, start) {
  const end = tokens.findIndex(({ type }, index) => index > start && type === "link_close");
  for (const index of [start, end]) {
    tokens[index].type = "text";
    tokens[index].tag = "";
    tokens[index].content = "";
    tokens[index].nesting = 0;
  }
}
