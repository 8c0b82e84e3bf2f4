import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { repositoryLinks } from "./links.js";
import { addressOf, GROUPS, HOME, sitePathOf } from "./pages.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { repository } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
const decisions = readdirSync(resolve(root, "docs/decisions")).map((name) => `docs/decisions/${name}`);
const pages = [...GROUPS.flatMap((group) => Object.keys(group.pages)), ...decisions];

const forgotten = readdirSync(resolve(root, "docs"))
  .map((name) => `docs/${name}`)
  .filter((file) => file.endsWith(".md") && !pages.includes(file));
if (forgotten.length > 0) throw new Error(`No group of pages.js names ${forgotten.join(", ")}`);

// VitePress finds Vue from its pages, so they are copied to where the packages are.
const source = fileURLToPath(new URL("../pages", import.meta.url));
rmSync(source, { recursive: true, force: true });
const pictures = readdirSync(resolve(root, "docs")).filter((name) => name.endsWith(".svg"));
for (const file of [...pages, HOME, ...pictures.map((name) => `docs/${name}`)])
  cpSync(resolve(root, file), resolve(source, file));

/** Anchors as GitHub derives them from headings. */
const slugify = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");

export default defineConfig({
  title: "bearer-worker",
  description: "A service worker that attaches access tokens to the requests of your site",
  lang: "en",
  // `npm start` serves the built site below this path.
  base: process.env.DOCS_BASE ?? "/docs/",
  srcDir: "pages",
  rewrites: (file) => sitePathOf(file),
  outDir: "dist/docs",
  cacheDir: "node_modules/.cache",
  head: [["link", { rel: "icon", href: `${process.env.DOCS_BASE ?? "/docs/"}favicon.svg` }]],
  vite: {
    publicDir: fileURLToPath(new URL("../public", import.meta.url)),
    // Mermaid is large, and loaded with the first picture.
    build: { chunkSizeWarningLimit: 1_000 },
  },
  markdown: {
    anchor: { slugify },
    toc: { slugify },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(markdown) {
      markdown.use(repositoryLinks, { root, source, pages, repository: addressOfRepository() });
      const { fence } = markdown.renderer.rules;
      markdown.renderer.rules.fence = (tokens, index, ...others) => {
        const { info, content } = tokens[index];
        if (info !== "mermaid") return fence(tokens, index, ...others);
        return `<MermaidPicture source="${encodeURIComponent(content)}" />`;
      };
    },
  },
  themeConfig: {
    logo: "/favicon.svg",
    nav: [
      { text: "Get started", link: "/getting-started" },
      { text: "API", link: "/api" },
      { text: "Troubleshooting", link: "/troubleshooting" },
    ],
    sidebar: GROUPS.map(({ text, pages: named, collapsed = false }) => ({
      text,
      collapsed,
      items: Object.entries(named).map(([file, title]) => ({ text: title, link: addressOf(file) })),
    })),
    outline: { level: [2, 3] },
    search: { provider: "local" },
    footer: { message: "MIT License" },
  },
});

/** The address of the repository, which package.json has in a published version alone. */
function addressOfRepository() {
  return repository?.url?.replace(/^git\+/, "").replace(/\.git$/, "");
}
