import { expect, test } from "@playwright/test";
import { readPage } from "../../cli/html.ts";

const URL_OF_PAGE = new URL("https://site.example/shop/");
const page = (html: string) => readPage(html, URL_OF_PAGE);
const sources = (html: string) => page(html).scripts.map(({ src }) => src?.href ?? null);

test("scripts are read in order, with their nonces, and inline ones without a URL", () => {
  expect(
    page(`<!doctype html><SCRIPT NONCE='a"b' src = /a.js?x=1&amp;y=&#50;></SCRIPT>
      <p><script>1 < 2</script><table><script src="b.js" src="c.js"></script><script src="http://:"></script>`),
  ).toEqual({
    policies: [],
    scripts: [
      { src: new URL("https://site.example/a.js?x=1&y=2"), nonce: 'a"b', text: null },
      { src: null, nonce: undefined, text: "1 < 2" },
      { src: new URL("https://site.example/shop/b.js"), nonce: undefined, text: null },
      { src: null, nonce: undefined, text: null },
    ],
    isWhole: true,
  });
});

test("a script in a comment, a template, an attribute or the text of another element is none", () => {
  expect(
    sources(`<!-- <script src=1.js></script> --!><template><script src=2.js></script></template>
      <p title="<script src=3.js></script>"><style><script src=4.js></script></style>
      <textarea><script src=5.js></script></textarea><script>"<script src=6.js>"</script>
      <noscript><script src=7.js></script></noscript><svg><style><script src=8.js></script></style></svg>
      <script src=9.js></script><!-- <script src=10.js></script>`),
  ).toEqual([null, "https://site.example/shop/8.js", "https://site.example/shop/9.js"]);
});

test("a block of data is no script, and a module and an import map are", () => {
  const types = ["application/json", "text/template", " Module", "importmap", "text/JavaScript", ""];
  expect(
    page(types.map((type) => `<script type="${type}">${type}</script>`).join("")).scripts.map(
      ({ text }) => text,
    ),
  ).toEqual(types.slice(2));
});

test("the first base with a URL decides what the sources of scripts are relative to", () => {
  const bases = `<base target=_top><base href="//cdn.example/v1/"><base href="/other/">`;
  expect(sources(`${bases}<script src=a.js></script><script src=/b.js></script>`)).toEqual([
    "https://cdn.example/v1/a.js",
    "https://cdn.example/b.js",
  ]);
});

test("a policy counts in the head only, as in browsers", () => {
  const meta = (policy: string) => `<meta content="${policy}" http-equiv=Content-Security-policy>`;
  expect(
    page(
      `<title>${meta("in-title")}</title>${meta("script-src &apos;self&apos;")}<meta name=a>${meta("b")}<p>${meta("in-body")}`,
    ).policies,
  ).toEqual(["script-src 'self'", "b"]);
});

for (const [what, html] of [
  ["elements that nest as deep as the page is long", "<div>".repeat(200_000)],
  ["tables in tables", "<table><tr><td>".repeat(60_000)],
  [
    "formatting elements that each paragraph repeats",
    Array.from({ length: 70_000 }, (_, i) => `<p><b id=${i}>`).join(""),
  ],
  [
    "elements that move with every end tag",
    `${Array.from({ length: 12_000 }, (_, i) => `<b id=${i}>`).join("")}<div>${"<br>".repeat(12_000)}${"</b>".repeat(12_000)}`,
  ],
] as const) {
  test(`${what} are read in part`, () => {
    const { isWhole, scripts } = page(`<script src=/a.js></script>${html}<script src=/b.js></script>`);

    expect(isWhole).toBe(false);
    expect(scripts.map(({ src }) => src?.pathname)).toEqual(["/a.js"]);
  });
}

test("many attributes, open tags, open comments and long texts are read whole", () => {
  for (const html of [
    `<a ${Array.from({ length: 160_000 }, (_, i) => i.toString(36)).join(" ")}>`,
    "<a".repeat(500_000),
    "<!--".repeat(250_000),
    `<!---->${"<!-- a -->".repeat(100_000)}`,
    "a".repeat(1_000_000),
  ])
    expect(page(html)).toEqual({ policies: [], scripts: [], isWhole: true });
});
